import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from lightning_modules.heads.anchored import AnchoredHead
from lightning_modules.heads.arcface import ArcFaceHead
from lightning_modules.heads.cosface import CosFaceHead
from lightning_modules.heads.proxy_anchor import ProxyAnchorHead
from lightning_modules.heads.subcentre_arcface import SubCentreArcFaceHead
from lightning_modules.metrics.cosine import CosineMetric
from lightning_modules.metrics.minkowski import EuclideanMetric

HEADS = {
    "cosface": (CosFaceHead, {"margin": 0.35}),
    "arcface": (ArcFaceHead, {"margin": 0.5}),
    "subcentre_arcface": (SubCentreArcFaceHead, {"margin": 0.5, "sub_centres": 3}),
    "proxy_anchor": (ProxyAnchorHead, {"margin": 0.1}),
}
SOFTMAX = ["cosface", "arcface", "subcentre_arcface"]
each_head = pytest.mark.parametrize("name", HEADS)


def make(name, dim=6, classes=4, scale=10.0, **options):
    head_class, defaults = HEADS[name]
    torch.manual_seed(1)
    return head_class(dim, classes, CosineMetric(), scale=scale, **{**defaults, **options})


def crops(count=9, dim=6, classes=4, seed=0):
    generator = torch.Generator().manual_seed(seed)
    embeddings = torch.randn(count, dim, generator=generator)
    return embeddings, torch.randint(classes, (count,), generator=generator)


def slow_loss(name, head, embeddings, labels, weight):
    """Apply the papers' formulas, one crop and one anchor at a time, on angles and in double precision."""
    anchors = head.anchors.detach().double().numpy()
    points = embeddings.detach().double().numpy()
    centres = len(anchors) // head.num_classes
    cosines = np.empty((len(points), head.num_classes))
    for row, point in enumerate(points):
        for column in range(head.num_classes):
            own = anchors[column * centres : (column + 1) * centres]
            cosines[row, column] = max(a @ point / np.linalg.norm(a) / np.linalg.norm(point) for a in own)
    if name == "proxy_anchor":
        return slow_proxy_anchor(head, cosines, labels.numpy(), weight)
    losses = []
    for row, label in enumerate(labels.tolist()):
        logits = cosines[row].copy()
        angle = math.acos(logits[label])
        if name == "cosface":
            logits[label] -= head.margin
        elif angle + head.margin <= math.pi:
            logits[label] = math.cos(angle + head.margin)
        else:
            logits[label] -= head.margin * math.sin(head.margin)
        powers = np.exp(head.scale * logits)
        losses.append(-math.log(powers[label] / powers.sum()))
    return np.average(losses, weights=weight[labels.numpy()])


def slow_proxy_anchor(head, cosines, labels, weight):
    pull, push, present = [], [], sorted(set(labels))
    for column in range(head.num_classes):
        pull.append(math.log(1 + sum(np.exp(-head.scale * (cosines[labels == column, column] - head.margin)))))
        push.append(math.log(1 + sum(np.exp(head.scale * (cosines[labels != column, column] + head.margin)))))
    return np.average(np.array(pull)[present], weights=weight[present]) + np.average(push, weights=weight)


@pytest.mark.parametrize("weighted", [False, True])
@each_head
def test_the_loss_is_the_papers_formula(name, weighted):
    head = make(name)
    embeddings, labels = crops()
    # One crop nearly opposite to its anchor, where ArcFace takes its other branch.
    embeddings[0] = -head.anchors.detach().reshape(head.num_classes, -1, 6)[labels[0]].sum(0)
    embeddings[0, 0] += 0.3
    weight = torch.tensor([1.0, 2.0, 0.5, 3.0]) if weighted else None
    expected = slow_loss(name, head, embeddings, labels, np.ones(4) if weight is None else weight.numpy())
    assert head.loss(embeddings, labels, weight).item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("name", SOFTMAX)
def test_margin_zero_is_the_cosine_head(name):
    head = make(name, margin=0, **({"sub_centres": 1} if name == "subcentre_arcface" else {}))
    cosine = AnchoredHead(6, 4, CosineMetric(), scale=10)
    cosine.load_state_dict(head.state_dict())
    embeddings, labels = crops()
    assert torch.equal(head(embeddings), cosine(embeddings))
    torch.testing.assert_close(head.loss(embeddings, labels), cosine.loss(embeddings, labels))
    assert head.loss_floor() == pytest.approx(cosine.loss_floor())


def test_the_cosine_head_is_cross_entropy_on_its_logits():
    head = AnchoredHead(6, 4, CosineMetric(), scale=10)
    embeddings, labels = crops()
    weight = torch.tensor([1.0, 2.0, 0.5, 3.0])
    logits = 10 * (functional.normalize(embeddings) @ functional.normalize(head.anchors).T)
    assert torch.equal(head(embeddings), logits)
    assert torch.equal(head.loss(embeddings, labels, weight), functional.cross_entropy(logits, labels, weight))


@pytest.mark.parametrize("name", SOFTMAX)
def test_a_margin_raises_the_loss_and_leaves_the_logits(name):
    embeddings, labels = crops()
    small, large = make(name, margin=0.1), make(name, margin=0.4)
    assert torch.equal(small(embeddings), large(embeddings))
    assert small.loss(embeddings, labels) < large.loss(embeddings, labels)


def test_one_sub_centre_is_arcface():
    plain, one = make("arcface"), make("subcentre_arcface", sub_centres=1)
    one.load_state_dict(plain.state_dict())
    embeddings, labels = crops()
    torch.testing.assert_close(one.loss(embeddings, labels), plain.loss(embeddings, labels))


def test_a_mixed_class_may_split_over_its_sub_centres():
    head = make("subcentre_arcface", dim=3, classes=2, sub_centres=2)
    head.anchors.data = torch.tensor([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0], [0, 0, 1.0]])
    both = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]])
    torch.testing.assert_close(head(both)[:, 0], torch.full((2,), 10.0))


@pytest.mark.parametrize("name", SOFTMAX)
def test_the_floor_is_reached_and_never_undershot(name):
    head = make(name, dim=4, classes=4)
    embeddings = torch.nn.Parameter(torch.randn(4, 4))
    optimizer = torch.optim.Adam([embeddings, *head.parameters()], lr=0.05)
    for _ in range(400):
        loss = head.loss(embeddings, torch.arange(4))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert loss.item() >= head.loss_floor() - 1e-6
    assert loss.item() == pytest.approx(head.loss_floor(), abs=0.02)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("sign", [1.0, -1.0])
@each_head
def test_gradients_are_finite_on_an_anchor_and_opposite_to_it(name, sign, dtype):
    head = make(name)
    on_anchors = head.anchors.detach().reshape(4, -1, 6)[:, 0]
    embeddings = (sign * on_anchors).to(dtype).requires_grad_()
    loss = head.loss(embeddings, torch.arange(4))
    loss.backward()
    assert loss.dtype == torch.float32
    assert loss.isfinite()
    assert embeddings.grad.isfinite().all()
    assert head.anchors.grad.isfinite().all()


@pytest.mark.parametrize(
    ("count", "classes", "equal"), [(1, 1, False), (5, 1, False), (1, 4, False), (4, 4, True), (3, 2, True)]
)
@each_head
def test_hardly_anything_to_compare_is_no_trouble(name, count, classes, equal):
    head = make(name, classes=classes)
    embeddings, labels = crops(count, classes=classes)
    embeddings = (torch.zeros(count, 6) if equal else embeddings).requires_grad_()
    loss = head.loss(embeddings, labels)
    loss.backward()
    assert loss.isfinite()
    assert embeddings.grad.isfinite().all()
    assert head(embeddings).shape == (count, classes)
    assert 0 <= head.loss_floor() <= loss + 1e-6


@pytest.mark.parametrize(
    ("name", "margin"),
    [("cosface", 1), ("arcface", 1.6), ("arcface", -0.1), ("proxy_anchor", "much"), ("cosface", True)],
)
def test_margins_out_of_range_are_refused(name, margin):
    with pytest.raises(ValueError, match=r"head\.margin must be at least 0 and below .*, got"):
        make(name, margin=margin)


@each_head
def test_other_metrics_are_refused(name):
    head_class, options = HEADS[name]
    with pytest.raises(ValueError, match=rf"head={name} works on angles: type metric=cosine"):
        head_class(6, 4, EuclideanMetric(), scale=10.0, **options)


@pytest.mark.parametrize("number", [0, 1.5, True])
def test_the_number_of_sub_centres_is_checked(number):
    with pytest.raises(ValueError, match=r"head\.sub_centres must be a whole number of at least 1, got"):
        make("subcentre_arcface", sub_centres=number)
