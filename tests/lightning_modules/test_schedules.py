import math
from itertools import pairwise

import pytest
import torch

from lightning_modules.schedules import constant, cosine


def rates(make, steps, **options):
    """Return the learning rate of each step, and the one that would come after the last."""
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([{"params": [weight], "lr": 0.5}])
    schedule = make(optimizer, steps=steps, **options)
    seen = [optimizer.param_groups[0]["lr"]]
    for _ in range(int(steps)):
        optimizer.step()
        schedule.step()
        seen.append(optimizer.param_groups[0]["lr"])
    return seen


def test_a_constant_rate_stays():
    assert rates(constant, 5) == [0.5] * 6


def test_a_constant_rate_needs_no_end():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    assert constant(optimizer, steps=math.inf).get_last_lr() == [0.5]


def test_cosine_is_that_of_torch_without_warmup():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    peer = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    expected = [0.5]
    for _ in range(10):
        optimizer.step()
        peer.step()
        expected.append(optimizer.param_groups[0]["lr"])
    assert rates(cosine, 10) == pytest.approx(expected)


def test_a_warm_rate_rises_evenly_and_then_falls_to_zero():
    seen = rates(cosine, 20, warmup=0.2)
    assert seen[:5] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert all(later < earlier for earlier, later in pairwise(seen[4:]))
    assert seen[-1] == pytest.approx(0)


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("warmup", [0, 0.5, 0.99])
def test_one_step_has_a_rate(steps, warmup):
    seen = rates(cosine, steps, warmup=warmup)
    assert all(0 < rate <= 0.5 for rate in seen[:-1])


def test_a_longer_training_follows_the_longer_curve_from_its_checkpoint():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    short = cosine(optimizer, steps=4)
    for _ in range(4):
        optimizer.step()
        short.step()
    longer = cosine(optimizer, steps=8)
    longer.load_state_dict(short.state_dict())
    optimizer.step()
    longer.step()
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.5 * (1 + math.cos(math.pi * 5 / 8)) / 2)


@pytest.mark.parametrize("warmup", [-0.1, 1, True, "short"])
def test_a_warmup_out_of_range_is_refused(warmup):
    with pytest.raises(ValueError, match=r"scheduler\.warmup must be at least 0 and below 1, got"):
        rates(cosine, 3, warmup=warmup)


@pytest.mark.parametrize("steps", [0, -1, math.inf])
def test_a_training_without_a_known_length_is_refused(steps):
    with pytest.raises(ValueError, match=r"scheduler=cosine needs to know the length.*trainer\.max_epochs"):
        cosine(torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))]), steps=steps)
