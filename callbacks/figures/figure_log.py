"""Where figures go: into TensorBoard, and as PNG beside the checkpoints for those who do not open it."""

from pathlib import Path

import pytorch_lightning as pl
from matplotlib.figure import Figure
from PIL import Image
from pytorch_lightning.loggers import TensorBoardLogger
from tensorboard.compat.proto.summary_pb2 import Summary

from analysis.whole_file import whole_file


def log_figure(trainer: pl.Trainer, name: str, figure: Figure) -> Path:
    """Write a figure to the run's ``figures`` folder and to TensorBoard; return the PNG's path.

    Args:
        trainer: Its ``default_root_dir`` is the run's folder.
        name: ``group/name`` as TensorBoard shows it; the PNG is called ``group_name.png``.
        figure: The figure, not changed.
    """
    path = Path(trainer.default_root_dir) / "figures" / f"{name.replace('/', '_').replace(' ', '_')}.png"
    with whole_file(path) as unfinished:
        # The least compression takes a quarter of the time of the default for a file that is a fifth larger.
        figure.savefig(unfinished, pil_kwargs={"compress_level": 1})
    for logger in tensorboards_of(trainer):
        logger.experiment.file_writer.add_summary(_summary(name, path), global_step=trainer.global_step)
    return path


def tensorboards_of(trainer: pl.Trainer) -> list[TensorBoardLogger]:
    """Return the TensorBoard loggers of a trainer, to which goes what only TensorBoard can show."""
    return [logger for logger in trainer.loggers if isinstance(logger, TensorBoardLogger)]


def _summary(name: str, path: Path) -> Summary:
    """Return what ``add_image`` would write, from the bytes of the PNG: encoding a large one again takes a second."""
    with Image.open(path) as opened:
        width, height = opened.size
    picture = Summary.Image(height=height, width=width, colorspace=3, encoded_image_string=path.read_bytes())
    return Summary(value=[Summary.Value(tag=name, image=picture)])
