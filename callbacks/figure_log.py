"""Where figures go: into TensorBoard, and as PNG beside the checkpoints for those who do not open it."""

from pathlib import Path

import numpy as np
import pytorch_lightning as pl
from matplotlib.figure import Figure
from PIL import Image


def log_figure(trainer: pl.Trainer, name: str, figure: Figure) -> Path:
    """Writes a figure to the run's ``figures`` folder and to the logger; returns the PNG's path.

    Args:
        trainer: Its ``default_root_dir`` is the run's folder.
        name: ``group/name`` as TensorBoard shows it; the PNG is called ``group_name.png``.
        figure: The figure, not changed.
    """
    path = Path(trainer.default_root_dir) / "figures" / f"{name.replace('/', '_').replace(' ', '_')}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    for logger in trainer.loggers:
        if isinstance(logger, pl.loggers.TensorBoardLogger):
            # The picture just written, for drawing a figure a second time costs seconds.
            picture = np.asarray(Image.open(path).convert("RGB"))
            logger.experiment.add_image(name, picture, global_step=trainer.global_step, dataformats="HWC")
    return path
