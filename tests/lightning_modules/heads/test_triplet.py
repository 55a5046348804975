import numpy as np
import pytest
import torch

from lightning_modules.heads.miners import MINERS, semi_hard
from lightning_modules.heads.triplet import TripletHead
from lightning_modules.metrics.cosine import CosineMetric
from lightning_modules.metrics.minkowski import EuclideanMetric

each_mining = pytest.mark.parametrize("mining", MINERS)


def make(mining="batch_hard", classes=3, margin=0.2, metric=None):
    return TripletHead(6, classes, metric or CosineMetric(), margin=margin, mining=mining)


def slow_loss(points, labels, margin, mining, weight):
    points = points / np.linalg.norm(points, axis=1, keepdims=True)
    distance = 1 - points @ points.T
    losses, weights = [], []
    for row, label in enumerate(labels):
        own = [distance[row, other] for other in np.flatnonzero(labels == label) if other != row]
        others = [distance[row, other] for other in np.flatnonzero(labels != label)]
        if not own or not others:
            continue
        for pair in [max(own)] if mining == "batch_hard" else own:
            farther = [value for value in others if value > pair]
            semi_hard = min(farther) if farther else max(others)
            other = min(others) if mining == "batch_hard" else semi_hard
            losses.append(max(0, margin + pair - other))
            weights.append(weight[label])
    return np.average(losses, weights=weights)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weighted", [False, True])
@each_mining
def test_the_loss_is_the_papers_formula(mining, weighted, seed):
    torch.manual_seed(seed)
    embeddings, labels = torch.randn(12, 6), torch.randint(3, (12,))
    weight = torch.tensor([1.0, 2.0, 0.5]) if weighted else None
    expected = slow_loss(
        embeddings.double().numpy(), labels.numpy(), 0.2, mining, np.ones(3) if weight is None else weight.numpy()
    )
    assert make(mining).loss(embeddings, labels, weight).item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("metric", [CosineMetric(), EuclideanMetric()], ids=lambda metric: metric.name)
@each_mining
def test_products_apart_by_the_margin_cost_nothing_and_equal_crops_the_margin(mining, metric):
    head = make(mining, metric=metric)
    corners = torch.eye(6)[[0, 0, 1, 1, 2, 2]]
    labels = torch.tensor([0, 0, 1, 1, 2, 2])
    assert head.loss(corners, labels).item() == 0
    assert head.loss_floor() == 0
    equal = torch.ones(6, 6, requires_grad=True)
    loss = head.loss(equal, labels)
    loss.backward()
    assert loss.item() == pytest.approx(0.2)
    assert equal.grad.isfinite().all()


@pytest.mark.parametrize("labels", [[0], [0, 0, 0], [0, 1, 2], [0, 0, 1]])
@each_mining
def test_a_batch_with_hardly_any_triplet_has_a_finite_loss(mining, labels):
    embeddings = torch.randn(len(labels), 6, requires_grad=True)
    loss = make(mining).loss(embeddings, torch.tensor(labels), torch.ones(3))
    loss.backward()
    assert loss.isfinite()
    assert embeddings.grad.isfinite().all()
    if labels != [0, 0, 1]:
        assert loss.item() == 0


def test_the_loss_of_half_precision_is_float32():
    embeddings = torch.randn(6, 6, dtype=torch.bfloat16, requires_grad=True)
    loss = make().loss(embeddings, torch.tensor([0, 0, 1, 1, 2, 2]))
    loss.backward()
    assert loss.dtype == torch.float32
    assert embeddings.grad.isfinite().all()


def test_logits_are_similarities_to_class_means_followed_in_training_alone():
    head = make().train()
    torch.manual_seed(0)
    centres = torch.randn(3, 6)
    labels = torch.arange(3).repeat(5)
    for _ in range(30):
        head.loss(centres[labels] + 0.1 * torch.randn(15, 6), labels)
    torch.testing.assert_close(head(centres).diagonal(), torch.ones(3), atol=0.02, rtol=0)
    assert head(centres).argmax(1).tolist() == [0, 1, 2]
    before = head.means.clone()
    head.eval().loss(torch.randn(15, 6), labels)
    assert torch.equal(head.means, before)


def test_a_first_mean_is_that_of_the_batch():
    head = make(metric=EuclideanMetric()).train()
    points = torch.randn(4, 6)
    head.loss(points, torch.tensor([1, 1, 1, 2]))
    torch.testing.assert_close(head.means[1], points[:3].mean(0))
    assert torch.equal(head.means[0], torch.zeros(6))


@pytest.mark.parametrize("margin", [0, -1, "wide", True, float("nan"), float("inf")])
def test_a_margin_that_is_no_positive_number_is_refused(margin):
    with pytest.raises(ValueError, match=r"head\.margin must be a positive number, got .*try head\.margin=0\.2"):
        make(margin=margin)


def test_an_unknown_mining_is_refused():
    with pytest.raises(ValueError, match=r"head\.mining must be one of batch_hard, semi_hard, got 'all'"):
        make("all")


def test_any_function_can_mine():
    torch.manual_seed(0)
    embeddings, labels = torch.randn(8, 6), torch.tensor([0, 0, 1, 1, 2, 2, 0, 1])
    named, injected = make("semi_hard"), make(semi_hard)
    assert torch.equal(named.loss(embeddings, labels), injected.loss(embeddings, labels))
