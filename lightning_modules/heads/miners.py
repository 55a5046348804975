"""Which triplets of a batch count: a query crop, one of its product and one of another."""

from collections.abc import Callable

import torch
from torch import Tensor

# From distances (n, n) and masks (n, n) of each crop's partners of its own and of other products to what the distance
# to the own partner exceeds that to the other one by (t,), and the row of the query crop (t,), of each triplet.
Miner = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


def batch_hard(distances: Tensor, own: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Mine the farthest crop of the same product and the nearest of another, for each crop that has both.

    References:
        Hermans et al., In Defense of the Triplet Loss, 2017.
    """
    rows = (own.any(1) & other.any(1)).nonzero().squeeze(1)
    farthest = distances.masked_fill(~own, -torch.inf)[rows].amax(1)
    nearest = distances.masked_fill(~other, torch.inf)[rows].amin(1)
    return farthest - nearest, rows


def semi_hard(distances: Tensor, own: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Mine for each pair of one product the nearest other crop that is farther than the pair, else the farthest one.

    References:
        Schroff et al., FaceNet, 2015.
    """
    rows, partners = (own & other.any(1)[:, None]).nonzero(as_tuple=True)
    pair = distances[rows, partners]
    candidates, allowed = distances[rows], other[rows]
    farther = allowed & (candidates > pair[:, None])
    nearest_farther = candidates.masked_fill(~farther, torch.inf).argmin(1)
    farthest = candidates.masked_fill(~allowed, -torch.inf).argmax(1)
    chosen = torch.where(farther.any(1), nearest_farther, farthest)
    return pair - distances[rows, chosen], rows


MINERS: dict[str, Miner] = {"batch_hard": batch_hard, "semi_hard": semi_hard}
