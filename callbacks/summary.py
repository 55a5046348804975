"""What a run shows on the terminal: its progress, and at its end what was measured and where everything is."""

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import progress
from pytorch_lightning.loggers import Logger, TensorBoardLogger
from pytorch_lightning.utilities.types import STEP_OUTPUT
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import ProgressColumn
from rich.table import Table
from torch import Tensor

from analysis.measures.enough import too_few_to_measure
from analysis.measures.grouping import SHORT_TITLES
from callbacks.protocols import Batch, Scene, photos_of, tensors_of
from callbacks.result import best_checkpoint

COLUMNS = {name: title for name, title in SHORT_TITLES.items() if name != "singleton_recall"}
CAPTION = "B: BCubed precision, recall, F; count: clusters found beyond the products there are"
# Columns of the terminal that the progress bar itself takes.
BAR_WIDTH = 10
# Columns of the terminal that the table needs.
NARROWEST = 100
ROWS = {"all": "all", "seen": "seen in training", "unseen": "never seen"}
OF_SOURCE = re.compile(r"grouping_(.+)_all/ari")


class RichProgressBar(progress.RichProgressBar):
    """The progress bar, with the loss and the monitored measure; called as Lightning's, which older runs recorded."""

    def __init__(self) -> None:
        super().__init__()
        self._loss: Tensor | None = None

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: STEP_OUTPUT, batch: Batch, batch_idx: int
    ) -> None:
        """Keep the loss; its value is asked for when it is shown."""
        self._loss = tensors_of(outputs)["loss"].detach()
        super().on_train_batch_end(trainer, pl_module, outputs, batch, batch_idx)

    def configure_columns(self, trainer: pl.Trainer) -> list[ProgressColumn]:
        """Return what stands before the measures: without the speed, or 80 columns would not hold the line."""
        description, bar, batches, times, *_ = super().configure_columns(trainer)
        bar.bar_width = BAR_WIDTH
        return [description, bar, batches, times]

    def get_metrics(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule
    ) -> dict[str, int | str | float | dict[str, float]]:
        """Return what stands behind the bar."""
        shown: dict[str, int | str | float | dict[str, float]] = {}
        if self._loss is not None:
            shown["loss"] = float(self._loss)
        checkpoint = best_checkpoint(trainer)
        monitor = None if checkpoint is None else checkpoint.monitor
        if monitor in trainer.callback_metrics:
            # Its whole name would break the bar's line in a terminal of 80 columns.
            shown[str(monitor).rpartition("/")[2]] = float(trainer.callback_metrics[str(monitor)])
        return shown


class SummaryCallback(pl.Callback):
    """Prints the best epoch's measures, the run's files, and what to type next."""

    def teardown(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Print to the terminal, after the progress bar has left it."""
        if stage != "fit" or not trainer.is_global_zero or trainer.interrupted:
            return
        checkpoint = best_checkpoint(trainer)
        best = "" if checkpoint is None else checkpoint.best_model_path
        values, epoch = _measures_of(trainer, best)
        console = Console()
        console.width = max(console.width, NARROWEST)
        table = _measures_table(values, f"epoch {epoch} of {trainer.current_epoch}{' (best.ckpt)' if best else ''}")
        if table.row_count:
            console.print(table)
        # Not through the console, which would break paths and commands where they cannot be copied.
        print("\n".join(_lines(trainer, best, values)))
        warning = _too_few(photos_of(trainer).scenes)
        if warning:
            print(f"warning      {warning}")


def _measures_of(trainer: pl.Trainer, best: str) -> tuple[Mapping[str, float | Tensor], int]:
    """Return the measures that the best checkpoint was kept with and its epoch, from 1 on; without one the last's."""
    if best and Path(best).is_file():
        kept = torch.load(best, weights_only=True, mmap=True, map_location="cpu")
        if kept.get("measures"):
            return kept["measures"], kept["epoch"] + 1
    return trainer.callback_metrics, trainer.current_epoch


def _too_few(scenes: Sequence[Scene]) -> str | None:
    """Return a line where the photos that were measured are too few."""
    labelled = [scene.labels[scene.labels >= 0].tolist() for scene in scenes if scene.labels is not None]
    return too_few_to_measure(labelled, one_pile=len(scenes) == 1 and scenes[0].photo is None)


def _lines(trainer: pl.Trainer, best: str, values: Mapping[str, float | Tensor]) -> list[str]:
    """Return what stands below the table, a line each."""
    checkpoint = best_checkpoint(trainer)
    lines = []
    if checkpoint is not None and checkpoint.best_model_score is not None:
        lines.append(f"best         {checkpoint.monitor} {float(checkpoint.best_model_score):.3f}")
    if "val/accuracy" in values:
        lines.append(f"accuracy     {float(values['val/accuracy']):.3f} of the validation crops of training products")
    lines.append(f"checkpoint   {_short(Path(best)) if best else 'none: the monitored measure was never logged'}")
    lines.append(f"figures      {_short(Path(trainer.default_root_dir) / 'figures')} (of the last epoch)")
    lines += [f"all curves   {_place_of(logger)}" for logger in trainer.loggers]
    if best:
        typed = shlex.quote(f"checkpoint={_short(Path(best))}")
        lines.append(f"next         python -m scripts.evaluate {typed}")
        lines.append(f"your photos  python -m scripts.group {typed} photos=FOLDER")
    return lines


def _place_of(logger: Logger) -> str:
    """Return where a logger's curves are, for TensorBoard the command that shows them."""
    folder = logger.log_dir or logger.save_dir
    place = "" if folder is None else _short(Path(folder))
    if isinstance(logger, TensorBoardLogger):
        return f"tensorboard --logdir {shlex.quote(place)}"
    return f"{type(logger).__name__} {place}".strip()


def _measures_table(values: Mapping[str, float | Tensor], epoch: str) -> Table:
    title = f"Grouping of the validation photos, means, {epoch}"
    table = Table(title=title, box=SIMPLE, pad_edge=False, caption=CAPTION)
    table.add_column("products", no_wrap=True)
    for title in COLUMNS.values():
        table.add_column(title, justify="right", no_wrap=True)
    sources = [match.group(1) for match in map(OF_SOURCE.fullmatch, values) if match]
    rows = ROWS | {f"{source}_{part}": f"{source}: {part}" for source in sources for part in ROWS}
    for part, name in rows.items():
        row = [values.get(f"grouping_{part}/{measure}") for measure in COLUMNS]
        if any(value is not None for value in row):
            table.add_row(name, *[_number(measure, value) for measure, value in zip(COLUMNS, row, strict=True)])
    return table


def _number(measure: str, value: float | Tensor | None) -> str:
    if value is None:
        return "-"
    return f"{float(value):+.0%}" if measure == "cluster_count_error" else f"{float(value):.3f}"


def _short(path: Path) -> str:
    """Return the path relative to the working folder where it lies inside it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
