"""Finding and loading pretrained weights from local files."""

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from lightning_modules.torch_file import check_weights, read_torch_file

IMAGENET = "imagenet"
# The checkpoint that comes with the project.
SHIPPED = Path(__file__).resolve().parents[2] / "checkpoints" / "shelves.ckpt"


def local_weights(weights: str, weights_dir: str | None, file_name: str) -> Path | None:
    """Return the file that holds the weights, or None where "imagenet" is asked for and no local file exists.

    Args:
        weights: "imagenet" or the path of a file.
        weights_dir: Folder that is searched for ``file_name`` in the first case.
        file_name: Name under which the ImageNet weights are distributed.

    Raises:
        FileNotFoundError: If a path or a folder is given that does not exist.
    """
    if weights != IMAGENET:
        if not Path(weights).is_file():
            raise FileNotFoundError(f"backbone.weights: there is no file {weights}; give 'imagenet', a file, or null")
        return Path(weights)
    if weights_dir is None:
        return None
    if not Path(weights_dir).is_dir():
        raise FileNotFoundError(f"weights_dir: there is no folder {weights_dir}")
    path = Path(weights_dir) / file_name
    return path if path.is_file() else None


def read_state(path: Path) -> dict[str, Tensor]:
    """Return the state_dict of a file of PyTorch (.pth, .pt, .bin) or of safetensors, read without executing it.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it holds no state_dict.
    """
    if not path.is_file():
        raise FileNotFoundError(f"backbone.weights: there is no file {path}")
    state = _read_safetensors(path) if path.suffix == ".safetensors" else read_torch_file(path)
    # Many trainings keep it beside other things.
    for name in ("state_dict", "model"):
        state = state.get(name, state) if isinstance(state, dict) else None
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise ValueError(f"{path} holds no state_dict, which is one tensor by each name")
    return state


def fitting_state(state: Mapping[str, Tensor], expected: Mapping[str, Tensor], source: str) -> dict[str, Tensor]:
    """Return those of a file's weights that a network has; a classifier and the like are left out.

    Raises:
        ValueError: If one is missing, of another shape, or no number.
    """
    state = {name.removeprefix("module."): value for name, value in state.items()}
    kept = {name: value for name, value in state.items() if name in expected}
    check_weights(kept, expected, source)
    return kept


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    # Comes with timm, which is an extra.
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except SafetensorError as error:
        raise ValueError(f"{path} is not a file of safetensors, or is damaged") from error


def load_features(features: nn.Sequential, source: Path | dict[str, Tensor]) -> None:
    """Load a state_dict of the features, or of the whole network whose keys start with ``features.``.

    Raises:
        ValueError: If the file is not a state_dict or does not fit the network.
    """
    try:
        state = read_torch_file(source) if isinstance(source, Path) else source
        if not isinstance(state, dict):
            raise KeyError("it is no state_dict")
        prefix = "features."
        inside = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
        features.load_state_dict(inside or state)
    except (RuntimeError, AttributeError, KeyError) as error:
        first_line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ValueError(f"{source} does not hold the weights of this network: {first_line}") from error
