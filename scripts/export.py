"""Takes the embedder away: as a small checkpoint, or as a graph (ONNX, torch.export) checked on real crops."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import hydra
import numpy as np
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

    from inference.checkpoint import Checkpoint

    Runner = Callable[[tuple[Tensor, ...]], Tensor]

CHECKED = 64
CHECKPOINT = ".ckpt"
SUFFIXES = {".onnx": "ONNX", ".pt2": "torch.export", CHECKPOINT: "checkpoint"}


@hydra.main(version_base="1.3", config_path="../conf", config_name="export")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Exports the embedder of a checkpoint; of a graph, also prints the largest difference on real crops."""
    from inference.checkpoint import Checkpoint

    output = Path(cfg.output)
    if output.suffix not in SUFFIXES:
        raise ValueError(f"output must end in {', '.join(SUFFIXES)}, got {cfg.output}")
    checkpoint = Checkpoint.read(cfg.checkpoint)
    if output.suffix != CHECKPOINT:
        write_graph(checkpoint, cfg, output)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    small = checkpoint.without_training()
    small.write(output)
    parameters = sum(value.numel() for value in small.weights.values())
    print(
        f"wrote {output} (checkpoint, {output.stat().st_size / 1e6:.2f} MB): {parameters} parameters of the embedder,"
    )
    print("recipe and fitted clustering, without head and optimiser")


def write_graph(checkpoint: Checkpoint, cfg: DictConfig, output: Path) -> None:
    """Writes the embedder as a graph and prints its largest difference from PyTorch on real crops."""
    from inference.embed_crops import as_tensors, decode_for, read_detections

    embedder = checkpoint.build_embedder()
    table = read_detections(cfg.crops, cfg.photo, cfg.boxes).table
    table = table.take(np.arange(min(CHECKED, len(table))))
    images, sizes = as_tensors(decode_for(checkpoint.build_resize(), table), table.photos)
    inputs = (images.contiguous(), sizes) if embedder.takes_sizes else (images.contiguous(),)
    output.parent.mkdir(parents=True, exist_ok=True)
    model = exportable(embedder)
    # Two crops are enough to trace, and torch.export stores what it was traced with.
    traced = tuple(value[:2].clone() for value in inputs)
    run = (export_onnx if output.suffix == ".onnx" else export_torch)(model, traced, output)
    difference = max(
        float((run(tuple(value[:count] for value in inputs)) - model(*(value[:count] for value in inputs))).abs().max())
        for count in (1, len(images))
    )
    print(f"wrote {output} ({SUFFIXES[output.suffix]}, {output.stat().st_size / 1e6:.2f} MB): uint8 crops of")
    print(f"{list(images.shape[1:])} in, prepared embeddings ({embedder.metric.name}) out, any batch size")
    print(f"largest difference from PyTorch on {len(images)} crops: {difference:.1e}")


def exportable(embedder: nn.Module) -> nn.Module:
    """Returns the embedder as one graph from uint8 crops to prepared embeddings, without the sizes if unused."""
    import torch

    class Exportable(torch.nn.Module):
        """Normalisation, backbone and unit length."""

        def __init__(self) -> None:
            super().__init__()
            self.embedder = embedder

        def forward(self, images: Tensor, sizes: Tensor | None = None) -> Tensor:
            return self.embedder(images, images.new_zeros(images.shape[0], 2).float() if sizes is None else sizes)

    return Exportable().eval().requires_grad_(False)


def export_onnx(model: nn.Module, inputs: tuple[Tensor, ...], path: Path) -> Runner:
    """Writes an ONNX file and returns a function that runs it."""
    import torch

    try:
        import onnxruntime
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise ValueError(f"ONNX needs {error.name}; install it with pip install onnx onnxscript onnxruntime") from error
    logging.getLogger("onnxscript").setLevel(logging.WARNING)
    names = ["images", "sizes"][: len(inputs)]
    torch.onnx.export(
        model,
        inputs,
        path,
        input_names=names,
        output_names=["embeddings"],
        dynamic_shapes=_any_batch(inputs),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def run(values: tuple[Tensor, ...]) -> Tensor:
        arrays = {name: value.numpy() for name, value in zip(names, values, strict=True)}
        return torch.from_numpy(session.run(None, arrays)[0])

    return run


def export_torch(model: nn.Module, inputs: tuple[Tensor, ...], path: Path) -> Runner:
    """Writes a torch.export program and returns a function that runs what was written."""
    import torch

    torch.export.save(torch.export.export(model, inputs, dynamic_shapes=_any_batch(inputs)), path)
    program = torch.export.load(path).module()

    def run(values: tuple[Tensor, ...]) -> Tensor:
        return program(*values)

    return run


def _any_batch(inputs: tuple[Tensor, ...]) -> tuple[dict, ...]:
    import torch

    batch = torch.export.Dim("batch", min=1)
    return tuple({0: batch} for _ in inputs)


if __name__ == "__main__":
    start(main, "export")
