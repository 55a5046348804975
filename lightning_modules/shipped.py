"""The checkpoint that comes with the project, where it lies."""

from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "checkpoints" / "shelves.ckpt"
