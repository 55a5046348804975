"""The losses against those of pytorch-metric-learning, where it is installed (pip install packed-scenes[dev])."""

import pytest
import torch

from lightning_modules.heads.arcface import ArcFaceHead
from lightning_modules.heads.cosface import CosFaceHead
from lightning_modules.heads.proxy_anchor import ProxyAnchorHead
from lightning_modules.heads.subcentre_arcface import SubCentreArcFaceHead
from lightning_modules.heads.triplet import TripletHead
from lightning_modules.metrics.cosine import CosineMetric

losses = pytest.importorskip("pytorch_metric_learning.losses", reason="pytorch-metric-learning is not installed")

SIZES = {"num_classes": 4, "embedding_size": 6}


def crops(count=40):
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(4, (count,), generator=generator)
    # Products apart and crops of each alike, so that triplets of all kinds occur.
    return torch.eye(6)[labels] + 0.5 * torch.randn(count, 6, generator=generator), labels


@pytest.mark.parametrize(
    ("head", "peer"),
    [
        (CosFaceHead(6, 4, CosineMetric(), 12, 0.35), losses.CosFaceLoss(**SIZES, margin=0.35, scale=12)),
        (
            ArcFaceHead(6, 4, CosineMetric(), 12, 0.5),
            losses.ArcFaceLoss(**SIZES, margin=0.5 * 180 / torch.pi, scale=12),
        ),
        (
            SubCentreArcFaceHead(6, 4, CosineMetric(), 12, 0.5, 3),
            losses.SubCenterArcFaceLoss(**SIZES, margin=0.5 * 180 / torch.pi, scale=12, sub_centers=3),
        ),
        (ProxyAnchorHead(6, 4, CosineMetric(), 32, 0.1), losses.ProxyAnchorLoss(**SIZES, margin=0.1, alpha=32)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_loss_and_gradient_are_those_of_the_library(head, peer):
    theirs = peer.proxies if hasattr(peer, "proxies") else peer.W
    theirs.data = head.anchors.detach().clone() if hasattr(peer, "proxies") else head.anchors.detach().T.clone()
    embeddings, labels = crops()
    gradients = []
    for loss in (head.loss, peer):
        leaf = embeddings.clone().requires_grad_()
        value = loss(leaf, labels)
        value.backward()
        gradients.append((value.detach(), leaf.grad))
    torch.testing.assert_close(gradients[0], gradients[1], rtol=1e-4, atol=1e-5)


def test_batch_hard_triplets_are_those_of_the_library():
    from pytorch_metric_learning.distances import CosineSimilarity
    from pytorch_metric_learning.miners import BatchHardMiner
    from pytorch_metric_learning.reducers import MeanReducer

    embeddings, labels = crops()
    peer = losses.TripletMarginLoss(margin=0.2, distance=CosineSimilarity(), reducer=MeanReducer())
    expected = peer(embeddings, labels, BatchHardMiner(distance=CosineSimilarity())(embeddings, labels))
    head = TripletHead(6, 4, CosineMetric(), margin=0.2, mining="batch_hard")
    torch.testing.assert_close(head.loss(embeddings, labels), expected)
