"""The work of scripts.embed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig

from analysis.whole_file import whole_file
from datamodules.box_files import Convention
from datamodules.crop_cache.decoding import UnreadablePicturesError
from datamodules.crop_cache.growth import growth_told
from inference.checkpoint import Checkpoint
from inference.embed_crops import embed_table, read_detections
from inference.shipped_checkpoint import checkpoint_or_shipped
from scripts.cli.mistakes import print_warnings
from scripts.pages.csv_table import write_csv


def run(cfg: DictConfig) -> None:
    """Read crops, embed them and write ids and embeddings.

    Raises:
        ValueError: If the output has another suffix than .npz and .csv, or the crops cannot be read.
    """
    output = Path(cfg.output)
    if output.suffix not in (".npz", ".csv"):
        raise ValueError(f"output must end in .npz or .csv, got {cfg.output}")
    checkpoint = Checkpoint.read(checkpoint_or_shipped(cfg.checkpoint))
    embedder = checkpoint.build_embedder()
    convention = Convention.of_options(cfg.box_format, cfg.box_scale)
    detections = read_detections(cfg.crops, cfg.photo, cfg.boxes, convention)
    cache, notes = Path(cfg.cache_dir) if cfg.crops else None, list[str]()
    with growth_told(Path(cfg.cache_dir)):
        try:
            embeddings = embed_table(embedder, checkpoint.build_resize(), detections.table, cache, notes)
        except UnreadablePicturesError as error:
            if len(error.failures) == error.total:
                raise
            detections = detections.without(error.failures)
            embeddings = embed_table(embedder, checkpoint.build_resize(), detections.table, cache, notes)
    print_warnings([*detections.warnings, *notes])
    write_embeddings(output, detections.ids, embeddings)
    print(f"wrote {len(embeddings)} embeddings of {embeddings.shape[1]} numbers ({embedder.metric.name}) to {output}")


def write_embeddings(path: Path, ids: Sequence[str], embeddings: NDArray[np.float32]) -> None:
    """Write ids (n,) and embeddings (n, d) as npz (``ids``, ``embeddings``) or csv (id, e0, e1, ...)."""
    if path.suffix == ".npz":
        with whole_file(path) as unfinished:
            np.savez_compressed(unfinished, ids=np.array(ids), embeddings=embeddings)
        return
    columns = ["id", *(f"e{column}" for column in range(embeddings.shape[1]))]
    write_csv(path, columns, ([name, *row] for name, row in zip(ids, embeddings.tolist(), strict=True)))
