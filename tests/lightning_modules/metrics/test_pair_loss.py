"""The loss of pairs on the wrong side of the threshold."""

import pytest
import torch

from lightning_modules.metrics.pair_loss import pair_loss


def rows(*angles):
    radians = torch.deg2rad(torch.tensor(angles))
    return torch.stack([radians.cos(), radians.sin()], dim=1)


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "manhattan"])
def test_products_that_are_together_and_apart_cost_less(metric):
    products = torch.tensor([0, 0, 1])
    right, far, near = rows(0.0, 5.0, 90.0), rows(0.0, 60.0, 90.0), rows(0.0, 5.0, 10.0)
    losses = [pair_loss(embeddings, products, metric, 0.3).item() for embeddings in (right, far, near)]
    assert losses[0] < min(losses[1:])


def test_a_step_down_the_loss_parts_look_alikes():
    angles = torch.tensor([0.0, 10.0], requires_grad=True)
    radians = torch.deg2rad(angles)
    embeddings = torch.stack([radians.cos(), radians.sin()], dim=1)
    pair_loss(embeddings, torch.tensor([0, 1]), "cosine", 0.3).backward()
    assert angles.grad[0] > 0 > angles.grad[1]


@pytest.mark.parametrize("products", [[0], [0, 0], [0, 1]])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_equal_and_few_items_have_a_finite_gradient(products, metric):
    embeddings = torch.ones((len(products), 2)).div(2**0.5).requires_grad_()
    pair_loss(embeddings, torch.tensor(products), metric, 0.3).backward()
    assert torch.isfinite(embeddings.grad).all()
