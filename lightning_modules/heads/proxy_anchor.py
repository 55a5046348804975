"""Proxy-Anchor: every product's anchor is compared with the whole batch at once."""

import torch
from torch import Tensor
from torch.nn import functional

from lightning_modules.heads.margin import MarginHead
from lightning_modules.heads.training_head import weighted_mean


class ProxyAnchorHead(MarginHead):
    """Proxy anchor loss of Kim et al. (2020).

    Per anchor, over the crops x of the batch:
    log(1 + sum over x of its class of exp(-lambda (cos - margin))), averaged over the products of the batch, plus
    log(1 + sum over all other x of exp(lambda (cos + margin))), averaged over all products. The hardest crops of a
    batch pull and push hardest. lambda is the paper's alpha, 32 there; the margin is a cosine within 0..1, 0.1 there.
    Arguments: see :class:`MarginHead`.
    """

    name = "proxy_anchor"

    def loss(self, embeddings: Tensor, labels: Tensor, weight: Tensor | None = None) -> Tensor:
        """Return the loss of raw embeddings (n, d) with classes (n,), each anchor weighted by weight (C,) if given."""
        cosines = self.similarities(embeddings)
        own = functional.one_hot(labels, self.num_classes).bool()
        pull = _log_one_plus_sum(self.scale * (self.margin - cosines), own)
        push = _log_one_plus_sum(self.scale * (self.margin + cosines), ~own)
        present = own.any(0)
        return weighted_mean(pull[present], None if weight is None else weight[present]) + weighted_mean(push, weight)

    def loss_floor(self) -> float:
        """Return 0: what can be reached depends on the products of each batch and is never below it."""
        return 0.0


def _log_one_plus_sum(exponents: Tensor, counted: Tensor) -> Tensor:
    """Return log(1 + sum of exp(exponents)) over the counted rows of each column, (n, C) -> (C,)."""
    kept = exponents.masked_fill(~counted, -torch.inf)
    return torch.cat([kept.new_zeros(1, kept.shape[1]), kept]).logsumexp(0)
