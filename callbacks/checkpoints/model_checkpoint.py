"""Keeping the best and the last checkpoint, also of a run that goes on in another folder."""

import logging
import pickle
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning import callbacks
from torch import Tensor

from analysis.whole_file import write_bytes

log = logging.getLogger(__name__)


class ModelCheckpoint(callbacks.ModelCheckpoint):
    """Lightning's, which takes the best epoch along when a run goes on in another folder.

    It has Lightning's name too, for a checkpoint holds the state of each callback under its class's name. Lightning
    itself forgets the best epoch in another folder, and deletes files by paths that stand in the checkpoint; here only
    the name of a file beside the resumed one is believed. The resumed one is taken along as the last.
    """

    def on_load_checkpoint(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Replace the state that Lightning is about to load by what is true in this run's folder."""
        states = checkpoint["callbacks"]
        state = states.get(self.state_key)
        if state is None:
            return
        own = states[self.state_key] = self.state_dict()
        resumed, name = Path(str(trainer.ckpt_path)), Path(str(state["best_model_path"])).name
        kept = resumed if self.monitor is None else self._best_beside(resumed, name, checkpoint["epoch"])
        if kept is None or not name:
            return
        place, score = Path(str(self.dirpath)) / name, state["best_model_score"]
        if trainer.is_global_zero and place.resolve() != kept.resolve():
            write_bytes(place, kept.read_bytes())
        own["best_model_path"] = path = str(place)
        if isinstance(score, Tensor):
            own |= {"best_model_score": score, "kth_value": score, "best_k_models": {path: score}}
            own["kth_best_model_path"] = path

    def _best_beside(self, resumed: Path, name: str, epoch: int) -> Path | None:
        """Return the file of the best epoch so far, if there is one beside the resumed checkpoint."""
        if not name:
            return None
        best = resumed.with_name(name)
        found = _epoch_of(best)
        if found is None:
            log.warning("%s is not there: the best of the epochs from here on is kept", best)
        # A later one was kept just before the run was killed; its epoch comes again.
        return None if found is None or found > epoch else best


def _epoch_of(path: Path) -> int | None:
    """Return the epoch of a checkpoint, None where there is none that can be read."""
    try:
        return int(torch.load(path, map_location="cpu", weights_only=True, mmap=True)["epoch"])
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, pickle.UnpicklingError):
        return None
