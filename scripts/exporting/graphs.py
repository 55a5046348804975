"""The embedder as a graph: ONNX or torch.export."""

import io
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import torch
from torch import Tensor, nn

from analysis.whole_file import whole_file, write_bytes
from lightning_modules.embedder import Embedder

Runner: TypeAlias = Callable[[tuple[Tensor, ...]], Tensor]
# The file inside a torch.export program that holds its metadata.
METADATA_FILE = "metadata.json"


class Exportable(nn.Module):
    """Normalisation, backbone and metric as one graph, from uint8 crops to embeddings that are ready to be compared.

    Args:
        embedder: The trained embedder.
    """

    def __init__(self, embedder: Embedder) -> None:
        super().__init__()
        self.embedder = embedder
        self.eval().requires_grad_(False)

    def forward(self, images: Tensor, sizes: Tensor | None = None) -> Tensor:
        """Return embeddings (n, d) of uint8 crops (n, 3, s, s); relative log sizes (n, 2) where they count."""
        return self.embedder(images, images.new_zeros(images.shape[0], 2).float() if sizes is None else sizes)


def export_onnx(model: nn.Module, inputs: tuple[Tensor, ...], path: Path, metadata: Mapping[str, str]) -> Runner:
    """Write an ONNX file with metadata in its ``metadata_props``, and return a function that runs it.

    Raises:
        ValueError: If the extra ``export`` is not installed.
    """
    try:
        # Imported here: they are an extra.
        import onnxruntime
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise ValueError(f"ONNX needs {error.name}; install it with pip install onnx onnxscript onnxruntime") from error
    logging.getLogger("onnxscript").setLevel(logging.WARNING)
    names = ["images", "sizes"][: len(inputs)]
    program = torch.onnx.export(
        model,
        inputs,
        input_names=names,
        output_names=["embeddings"],
        dynamic_shapes=_any_batch(inputs),
        dynamo=True,
        verbose=False,
    )
    assert program is not None, "the exporter by torch.export returns a program"
    program.model.metadata_props.update(metadata)
    with whole_file(path) as unfinished:
        program.save(unfinished, external_data=False)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def run(values: tuple[Tensor, ...]) -> Tensor:
        arrays = {name: value.numpy() for name, value in zip(names, values, strict=True)}
        return torch.from_numpy(session.run(None, arrays)[0])

    return run


def export_torch(model: nn.Module, inputs: tuple[Tensor, ...], path: Path, metadata: Mapping[str, str]) -> Runner:
    """Write a torch.export program with metadata in ``extra_files``, and return a function that runs it."""
    exported = torch.export.export(model, inputs, dynamic_shapes=_any_batch(inputs))
    # On a full disk PyTorch's own writing ends in an error of its own; Python's names the disk.
    buffer = io.BytesIO()
    torch.export.save(exported, buffer, extra_files={METADATA_FILE: json.dumps(metadata, indent=1)})
    write_bytes(path, buffer.getbuffer())
    program = torch.export.load(path).module()

    def run(values: tuple[Tensor, ...]) -> Tensor:
        return program(*values)

    return run


def _any_batch(inputs: tuple[Tensor, ...]) -> tuple[dict, ...]:
    batch = torch.export.Dim("batch", min=1)
    return tuple({0: batch} for _ in inputs)
