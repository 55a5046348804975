"""A checkpoint that learned from reviews."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from omegaconf import DictConfig

from analysis.learning import Learned
from analysis.review.answers import name_key
from inference.checkpoint import Checkpoint
from inference.grouper import Grouper
from inference.learning import Learner
from inference.shipped_checkpoint import checkpoint_or_shipped
from scripts.reviewing.products import products_of
from scripts.reviewing.reviewed_photos import group_reviewed, photos_folder


def run(cfg: DictConfig) -> None:
    """Learn from the groups that people made right, and write a checkpoint like any other.

    Raises:
        FileNotFoundError: If the checkpoint, the reviews or their photos are missing.
        ValueError: If a review or a photo cannot be read, nothing can be learned, or the output is a folder.
    """
    if Path(cfg.output).is_dir():
        raise ValueError(f"output={cfg.output} is a folder: type the file of a checkpoint, as output=store.ckpt")
    content, grouper = Checkpoint.read(checkpoint_or_shipped(cfg.checkpoint)), Grouper.load(cfg.checkpoint)
    learner = Learner(grouper)
    reviewed, _ = group_reviewed(grouper, cfg.answers, photos_folder(cfg.answers, cfg.photos))
    photos = [learner.pool(groups.scene) for groups in reviewed.groupings]
    names = products_of(reviewed, [str(place) for place in range(len(photos))], confirmed_only=False)
    learned = learner.learn(photos, _numbers(names))
    learner.checkpoint(content, learned).write(cfg.output)
    print(f"{_described(learned, learner)}, from {len(photos)} photo(s) and {len(reviewed.review.answers)} answers")
    print(f"wrote {cfg.output}")


def _numbers(names: Sequence[Sequence[str]]) -> list[NDArray[np.int64]]:
    """Return a number for each photo's products; one name is one product in all of them."""
    _, numbers = np.unique([name_key(name) for own in names for name in own], return_inverse=True)
    return np.split(numbers, np.cumsum([len(own) for own in names])[:-1])


def _described(learned: Learned, learner: Learner) -> str:
    if learned.transformation is None and learned.threshold == learner.threshold:
        return "learned nothing: reviewed photos do not group clearly better with it"
    what = "the threshold alone" if learned.transformation is None else "the projection and the threshold"
    return f"learned {what}, {learner.threshold:.4g} before and {learned.threshold:.4g} now"
