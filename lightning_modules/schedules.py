"""How the learning rate changes from step to step."""

import math

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from lightning_modules.checks import check_number


def constant(optimizer: Optimizer, steps: float) -> LambdaLR:
    """Return a schedule that leaves the learning rate as it is, however many steps there are."""
    return LambdaLR(optimizer, lambda step: 1.0)


def cosine(optimizer: Optimizer, steps: float, warmup: float = 0.0) -> LambdaLR:
    """Return a linear rise and a fall to 0 along half a cosine (Loshchilov and Hutter, SGDR, 2017).

    A training that goes on from a checkpoint with more epochs follows the longer curve from there on; torch's
    SequentialLR of LinearLR and CosineAnnealingLR would take the shorter length back from the checkpoint.

    Args:
        optimizer: Each of its groups starts from the group's own learning rate.
        steps: Steps of the whole training.
        warmup: Fraction of the steps in which the rate rises, from 0 to below 1.

    Raises:
        ValueError: If the warm-up is out of its range or the length of the training is not known.
    """
    check_number("scheduler.warmup", warmup, "at least 0 and below 1", lambda x: 0 <= x < 1)
    if not 0 < steps < math.inf:
        raise ValueError(
            f"scheduler=cosine needs to know the length of the training, got {steps} steps: set trainer.max_epochs"
        )
    rising = round(warmup * steps)

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / (rising + 1)
        passed = min(1.0, (step - rising) / max(steps - rising, 1))
        return (1 + math.cos(math.pi * passed)) / 2

    return LambdaLR(optimizer, factor)
