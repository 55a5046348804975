import math

import pytest
import torch
from torch.nn import functional

from lightning_modules.heads.anchored import AnchoredHead
from lightning_modules.heads.linear import LinearHead
from lightning_modules.metrics.cosine import CosineMetric
from lightning_modules.metrics.minkowski import EuclideanMetric, ManhattanMetric

METRICS = [CosineMetric(), EuclideanMetric(), ManhattanMetric()]


def slow_similarity(name, embedding, anchor):
    if name == "cosine":
        return float(embedding @ anchor / (embedding.norm() * anchor.norm()))
    difference = (embedding - anchor).abs()
    return -float(difference.square().mean().sqrt() if name == "euclidean" else difference.mean())


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_logits_are_lambda_times_the_textbook_similarity(metric):
    torch.manual_seed(0)
    head = AnchoredHead(5, 3, metric, scale=7)
    embeddings = torch.randn(4, 5)
    logits = head(embeddings)
    for row in range(4):
        for column in range(3):
            expected = 7 * slow_similarity(metric.name, embeddings[row], head.anchors[column].detach())
            assert logits[row, column].item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_an_embedding_on_its_anchor_has_the_highest_similarity(metric):
    head = AnchoredHead(6, 4, metric, scale=10)
    logits = head(head.anchors.detach())
    assert logits.argmax(1).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("head_class", [AnchoredHead, LinearHead])
def test_heads_share_one_signature(head_class):
    extra = {"scale": 3.0} if head_class is AnchoredHead else {}
    head = head_class(embedding_dim=8, num_classes=5, metric=CosineMetric(), **extra)
    assert head(torch.randn(2, 8)).shape == (2, 5)
    assert head.loss_floor() >= 0


@pytest.mark.parametrize("scale", [-1, 0, "abc", float("nan"), float("inf"), True, None])
def test_lambda_must_be_a_positive_number(scale):
    with pytest.raises(ValueError, match=r"lambda must be a positive number, got .*lambda=10"):
        AnchoredHead(4, 3, CosineMetric(), scale=scale)


@pytest.mark.parametrize(("classes", "scale"), [(2, 1.0), (27, 3.0), (27, 10.0)])
def test_the_floor_is_the_loss_of_a_regular_simplex(classes, scale):
    corners = torch.eye(classes) - 1 / classes
    head = AnchoredHead(classes, classes, CosineMetric(), scale=scale)
    head.anchors.data.copy_(corners)
    loss = functional.cross_entropy(head(corners), torch.arange(classes))
    assert head.loss_floor() == pytest.approx(loss.item(), rel=1e-4)
    if (classes, scale) == (27, 3.0):
        assert head.loss_floor() == pytest.approx(0.767, abs=5e-4)
    assert head.loss_floor() < math.log(classes)
