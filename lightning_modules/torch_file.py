"""Files of torch.save that may come from anyone: read without executing anything in them, and within bounds."""

import pickle
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

# A training's checkpoint holds some thousand values, seven levels deep.
MOST_VALUES = 200_000
DEEPEST = 64


def read_torch_file(path: str | Path) -> object:
    """Return the tensors and plain values of a file.

    Raises:
        ValueError: If it is none of torch.save, or asks for anything to be imported, or would take more memory than it
            is long; one line that names it.
    """
    try:
        _check_archive(Path(path))
        with warnings.catch_warnings():
            # PyTorch's remarks on how a stranger wrote it.
            warnings.simplefilter("ignore")
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        # PyTorch's own message goes on with how to let the file execute what it wants.
        named = re.search(r"GLOBAL ([\w.]+)", str(error))
        what = f"asks for {named[1]}" if named else "holds more than tensors and plain values"
        raise ValueError(f"{path} {what}, which no checkpoint needs: it was not read any further") from error
    except PermissionError:
        raise
    except (RuntimeError, OSError, EOFError, LookupError, TypeError, AttributeError, MemoryError) as error:
        raise ValueError(f"{path} is not a file of PyTorch, or is damaged") from error
    _check_content(content, path)
    return content


def check_weights(weights: Mapping[str, object], expected: Mapping[str, Tensor], source: str) -> None:
    """Check that weights have the names and shapes of a module's own, and that all are numbers.

    Raises:
        ValueError: One line that names the file and the first weight at fault.
    """
    for name in (*expected, *weights):
        if name not in expected or name not in weights:
            where = "missing" if name in expected else "none of this network's"
            raise ValueError(f"{source}: the weights do not fit the network: {name} is {where}")
        found = weights[name]
        if not isinstance(found, Tensor) or found.shape != expected[name].shape:
            shape = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
            wanted = tuple(expected[name].shape)
            raise ValueError(f"{source}: the weights do not fit the network: {name} is {shape} instead of {wanted}")
        if not found.isfinite().all():
            raise ValueError(f"{source}: {name} holds NaN or Inf, as after a training that diverged")


def _check_archive(path: Path) -> None:
    """Refuse an archive that unpacks to more than it is long. PyTorch stores, and never compresses.

    Files of PyTorch before 1.6 are no archives, but begin as pickles do.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            if file.read(1) != pickle.PROTO:
                raise ValueError(f"{path} is not a file of PyTorch, or is damaged")
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeError) as error:
        raise ValueError(f"{path} is not a file of PyTorch, or is damaged") from error
    stored = all(entry.compress_type == zipfile.ZIP_STORED for entry in entries)
    if not stored or sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise ValueError(f"{path} is not a file of PyTorch: it unpacks to more than it is long")


def _check_content(content: object, path: str | Path) -> None:
    waiting, seen = [(content, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_VALUES:
            raise ValueError(f"{path} is not a checkpoint of this project: its values are nested without end")
        if isinstance(value, Mapping):
            waiting += [(item, depth + 1) for pair in value.items() for item in pair]
        elif isinstance(value, list | tuple | set):
            waiting += [(item, depth + 1) for item in value]
        elif isinstance(value, Tensor) and not _is_stored(value):
            raise ValueError(f"{path} holds a tensor of {tuple(value.shape)} that is not stored in it")


def _is_stored(value: Tensor) -> bool:
    """Return whether all numbers of a tensor are in the file, and no few that are repeated."""
    plain = value.layout == torch.strided and value.device.type == "cpu" and not value.is_quantized
    return plain and value.numel() * value.element_size() <= value.untyped_storage().nbytes()
