"""The work of scripts.export."""

from pathlib import Path

import numpy as np
from omegaconf import DictConfig

from inference.checkpoint import Checkpoint
from inference.embed_crops import as_tensors, decode_for, read_detections
from scripts.exporting.graph_metadata import graph_metadata
from scripts.exporting.graphs import Exportable, export_onnx, export_torch

CHECKED = 64
CHECKPOINT = ".ckpt"
SUFFIXES = {".onnx": "ONNX", ".pt2": "torch.export", CHECKPOINT: "checkpoint"}


def run(cfg: DictConfig) -> None:
    """Export the embedder of a checkpoint; of a graph, also print the largest difference on real crops.

    Raises:
        ValueError: If the output has an unknown suffix, or a graph gets no crops to be checked on.
    """
    output = Path(cfg.output)
    if output.suffix not in SUFFIXES:
        raise ValueError(f"output must end in {', '.join(SUFFIXES)}, got {cfg.output}")
    checkpoint = Checkpoint.read(cfg.checkpoint)
    if output.suffix != CHECKPOINT:
        write_graph(checkpoint, cfg, output)
        return
    small = checkpoint.without_training()
    small.write(output)
    parameters = sum(value.numel() for value in small.weights.values())
    print(f"wrote {_described(output)}: {parameters} parameters of the embedder,")
    print("recipe and fitted clustering, without head and optimizer")


def write_graph(checkpoint: Checkpoint, cfg: DictConfig, output: Path) -> None:
    """Write the embedder as a graph and print its largest difference from PyTorch on real crops."""
    embedder = checkpoint.build_embedder()
    table = read_detections(cfg.crops, cfg.photo, cfg.boxes).table
    table = table.take(np.arange(min(CHECKED, len(table))))
    images, sizes = as_tensors(decode_for(checkpoint.build_resize(), table), table.photos)
    inputs = (images.contiguous(), sizes) if embedder.takes_sizes else (images.contiguous(),)
    model = Exportable(embedder)
    # Two crops are enough to trace, and torch.export stores what it was traced with.
    traced = tuple(value[:2].clone() for value in inputs)
    write = export_onnx if output.suffix == ".onnx" else export_torch
    exported = write(model, traced, output, graph_metadata(checkpoint, embedder, model(*traced).shape[1]))
    counted = [tuple(value[:count] for value in inputs) for count in (1, len(images))]
    difference = max(float((exported(values) - model(*values)).abs().max()) for values in counted)
    print(f"wrote {_described(output)}: uint8 crops of")
    print(f"{list(images.shape[1:])} in, prepared embeddings ({embedder.metric.name}) out, any batch size")
    print(f"largest difference from PyTorch on {len(images)} crops: {difference:.1e}")


def _described(output: Path) -> str:
    return f"{output} ({SUFFIXES[output.suffix]}, {output.stat().st_size / 1e6:.2f} MB)"
