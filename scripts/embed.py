"""Writes the embeddings of crops, or of a photo's boxes, to a file."""

import csv
from pathlib import Path

import hydra
import numpy as np
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.process import prepare_process
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="embed")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Reads crops, embeds them and writes ids and embeddings."""
    from inference.checkpoint import Checkpoint
    from inference.embed_crops import embed_table, read_detections
    from inference.shipped_checkpoint import checkpoint_or_shipped

    prepare_process()
    output = Path(cfg.output)
    if output.suffix not in (".npz", ".csv"):
        raise ValueError(f"output must end in .npz or .csv, got {cfg.output}")
    checkpoint = Checkpoint.read(checkpoint_or_shipped(cfg.checkpoint))
    embedder = checkpoint.build_embedder()
    detections = read_detections(cfg.crops, cfg.photo, cfg.boxes)
    cache = Path(cfg.cache_dir) if cfg.crops else None
    embeddings = embed_table(embedder, checkpoint.build_resize(), detections.table, cache)
    output.parent.mkdir(parents=True, exist_ok=True)
    write_embeddings(output, detections.ids, embeddings)
    print(f"wrote {len(embeddings)} embeddings of {embeddings.shape[1]} numbers ({embedder.metric.name}) to {output}")


def write_embeddings(path: Path, ids: tuple[str, ...], embeddings: np.ndarray) -> None:
    """Writes ids (n,) and embeddings (n, d) as npz (``ids``, ``embeddings``) or csv (id, e0, e1, ...)."""
    if path.suffix == ".npz":
        np.savez_compressed(path, ids=np.array(ids), embeddings=embeddings)
        return
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", *(f"e{column}" for column in range(embeddings.shape[1]))])
        writer.writerows([name, *row] for name, row in zip(ids, embeddings.tolist(), strict=True))


if __name__ == "__main__":
    start(main, "embed")
