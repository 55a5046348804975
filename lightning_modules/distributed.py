"""The batch of all processes together, where several train."""

import pytorch_lightning as pl
from torch import Tensor, distributed


def gather_batch(module: pl.LightningModule, index: Tensor, *values: Tensor) -> list[Tensor]:
    """Return rows and values of the whole batch, in the order of the rows; alone, what was given.

    Every process then takes the loss of the whole batch, so that heads which compare its crops, class weights and
    shards of different sizes need no further thought. Gradients flow back to the process that an embedding is from,
    once from every process: after the mean over the processes they are those of one process alone.

    Args:
        module: Trained in all processes.
        index: Rows of this process's crops (m,), -1 for those that only fill up a shard, which are left out; m is the
            same in all processes.
        values: What there is of each crop (m, ...): embeddings, labels.
    """
    if not (distributed.is_available() and distributed.is_initialized()) or distributed.get_world_size() == 1:
        return [index, *values]
    gathered = module.all_gather([index, *values], sync_grads=True)
    all_index, *whole = (part.flatten(0, 1) for part in gathered)
    order = all_index.argsort(stable=True)
    order = order[all_index[order] >= 0]
    return [all_index[order], *(value[order] for value in whole)]
