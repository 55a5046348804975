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
    the name of a file beside the resumed one is believed.
    """

    def on_load_checkpoint(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Replace the state that Lightning is about to load by what is true in this run's folder."""
        states = checkpoint["callbacks"]
        state = states.get(self.state_key)
        if state is None:
            return
        states[self.state_key] = self.state_dict()
        best = self._best_beside(Path(str(trainer.ckpt_path)), state, checkpoint["epoch"])
        if best is not None:
            place = Path(str(self.dirpath)) / best.name
            if trainer.is_global_zero and place.resolve() != best.resolve():
                write_bytes(place, best.read_bytes())
            score, path = state["best_model_score"], str(place)
            states[self.state_key] |= {"best_model_score": score, "kth_value": score, "best_k_models": {path: score}}
            states[self.state_key] |= {"best_model_path": path, "kth_best_model_path": path}

    def _best_beside(self, resumed: Path, state: dict[str, Any], epoch: int) -> Path | None:
        """Return the file of the best epoch so far, if there is one beside the resumed checkpoint."""
        score, name = state["best_model_score"], Path(str(state["best_model_path"])).name
        if self.monitor is None or not name or not isinstance(score, Tensor) or score.numel() != 1:
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
