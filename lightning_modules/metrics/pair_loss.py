"""What a photo's products say about its embeddings: how far pairs are on the wrong side of the threshold."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

# Distance from the threshold, in thresholds, at which a pair begins to count less.
_SOFTNESS = 0.15


def pair_loss(embeddings: Tensor, products: Tensor, metric: str, threshold: float) -> Tensor:
    """Return the loss of a photo, summed over its items; each product counts with the number of its items.

    Args:
        embeddings: Shape (n, d).
        products: Product of each item (n,), numbered from 0.
        metric: "cosine" (embeddings are of unit length), "euclidean" or "manhattan".
        threshold: Distance at which groups end.
    """
    if metric == "cosine":
        distance = 1 - embeddings @ embeddings.T
    else:
        distance = torch.cdist(embeddings, embeddings, p=2.0 if metric == "euclidean" else 1.0)
    beyond = (distance - threshold) / (_SOFTNESS * threshold)
    same = products[:, None] == products
    others = same & ~torch.eye(len(products), dtype=torch.bool)
    count = others.sum(dim=1)
    together = (functional.softplus(beyond) * others).sum(dim=1) / count.clamp(min=1)
    apart = (functional.softplus(-beyond) * ~same).sum(dim=1) / (count + 1)
    return (together + apart).sum()
