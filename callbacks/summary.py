"""Ends a run by saying what was measured and where everything is."""

import re
from pathlib import Path

import pytorch_lightning as pl
from pytorch_lightning.loggers import Logger, TensorBoardLogger
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from torch import Tensor

from analysis.measures.grouping import SHORT_TITLES
from callbacks.result import best_checkpoint

COLUMNS = {name: title for name, title in SHORT_TITLES.items() if name != "singleton_recall"}
CAPTION = "B: BCubed precision, recall, F; count: clusters found beyond the products there are"
ROWS = {"all": "all", "seen": "seen in training", "unseen": "never seen"}
OF_SOURCE = re.compile(r"grouping_(.+)_all/ari")


class SummaryCallback(pl.Callback):
    """Prints the last epoch's grouping measures and the run's files."""

    def teardown(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Print to the terminal, after the progress bar has left it."""
        if stage != "fit" or not trainer.is_global_zero or trainer.interrupted:
            return
        console = Console()
        table = _measures_table(trainer)
        if table.row_count:
            console.print(table)
        folder = Path(trainer.default_root_dir)
        checkpoint = best_checkpoint(trainer)
        best = "" if checkpoint is None else checkpoint.best_model_path
        if checkpoint is not None and checkpoint.best_model_score is not None:
            console.print(f"best         {checkpoint.monitor} {float(checkpoint.best_model_score):.3f}")
        console.print(f"checkpoint   {_short(Path(best)) if best else 'none: the monitored measure was never logged'}")
        console.print(f"figures      {_short(folder / 'figures')}")
        for logger in trainer.loggers:
            console.print(f"all curves   {_place_of(logger)}")


def _place_of(logger: Logger) -> str:
    """Return where a logger's curves are, for TensorBoard the command that shows them."""
    folder = logger.log_dir or logger.save_dir
    place = "" if folder is None else _short(Path(folder))
    if isinstance(logger, TensorBoardLogger):
        return f"tensorboard --logdir {place}"
    return f"{type(logger).__name__} {place}".strip()


def _measures_table(trainer: pl.Trainer) -> Table:
    values = trainer.callback_metrics
    table = Table(
        title="Grouping of the validation photos, means over photos", box=SIMPLE, pad_edge=False, caption=CAPTION
    )
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


def _number(measure: str, value: Tensor | None) -> str:
    if value is None:
        return "-"
    return f"{float(value):+.0%}" if measure == "cluster_count_error" else f"{float(value):.3f}"


def _short(path: Path) -> str:
    """Return the path relative to the working folder where it lies inside it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
