"""The batch of all processes together, where several train."""

from typing import Any

import torch
from torch import Tensor, distributed


def gather_batch(index: Tensor, *values: Tensor) -> list[Tensor]:
    """Returns rows and values of the whole batch, in the order of the rows; alone, what was given.

    Every process then takes the loss of the whole batch, so that heads which compare its crops, class weights and
    shares of different sizes need no further thought. Gradients flow back to the process that an embedding is from,
    once from every process: after the mean over the processes they are those of one process alone.

    Args:
        index: Rows of this process's crops (m,), -1 for those that only fill up a share, which are left out; m is the
            same in all processes.
        values: What there is of each crop (m, ...): embeddings, labels.
    """
    if not (distributed.is_available() and distributed.is_initialized()) or distributed.get_world_size() == 1:
        return [index, *values]
    all_index = _gathered(index)
    order = all_index.argsort(stable=True)
    order = order[all_index[order] >= 0]
    whole = [_Gathered.apply(value) if value.is_floating_point() else _gathered(value) for value in values]
    return [all_index[order], *(value[order] for value in whole)]


class _Gathered(torch.autograd.Function):
    """Concatenates the values of all processes; backwards, each gets the sum of their gradients of its own values."""

    @staticmethod
    def forward(context: Any, values: Tensor) -> Tensor:
        context.count = len(values)
        return _gathered(values)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].clone(memory_format=torch.contiguous_format)
        distributed.all_reduce(total)
        start = distributed.get_rank() * context.count
        return total[start : start + context.count]


def _gathered(values: Tensor) -> Tensor:
    parts = [torch.empty_like(values) for _ in range(distributed.get_world_size())]
    distributed.all_gather(parts, values.contiguous())
    return torch.cat(parts)
