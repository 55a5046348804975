"""What a fixed backbone sees of the training crops, computed once instead of in every epoch."""

from collections.abc import Callable

import torch
from torch import Tensor

from lightning_modules.embedder import Embedder

AUTO = "auto"
# With auto, features that take more memory are computed in every epoch.
AUTO_BYTES = 2**30


def build_feature_cache(wanted: bool | str, embedder: Embedder, count: int) -> "FeatureCache | None":
    """Return where pooled features of training crops are kept, None where they are not.

    Args:
        wanted: Whether they are; "auto" where they stay the same throughout the training and fit into 1 GB.
        embedder: Whose features are kept.
        count: Number of training crops.

    Raises:
        ValueError: If ``wanted`` is neither, or features are to be kept that change.
    """
    if not isinstance(wanted, bool) and wanted != AUTO:
        raise ValueError(f"module.cache_features must be true, false or auto, got {wanted!r}")
    if wanted == AUTO:
        wanted = embedder.backbone.is_fixed and not embedder.preprocessing.augments and _fits(embedder, count)
    return FeatureCache(embedder, count) if wanted else None


def _fits(embedder: Embedder, count: int) -> bool:
    try:
        return 4 * count * embedder.backbone.linear_embedding().in_features <= AUTO_BYTES
    except ValueError:
        # How wide its features are is not said where more than a linear layer follows.
        return False


class FeatureCache:
    """Pooled features of training crops, 4 bytes a number, kept in memory from the first time that they are needed.

    Args:
        embedder: Whose features are kept.
        count: Number of training crops.

    Raises:
        ValueError: If features of one crop differ between epochs, because layers are trained or crops are augmented.
    """

    def __init__(self, embedder: Embedder, count: int) -> None:
        if not embedder.backbone.is_fixed:
            raise ValueError(
                "module.cache_features=true needs a backbone whose convolutional layers are fixed: "
                "type backbone=caffenet_fixed, or backbone.trainable_layers=0"
            )
        if embedder.preprocessing.augments:
            raise ValueError("module.cache_features=true needs crops that are not augmented: type preprocessing=plain")
        self._known = torch.zeros(count, dtype=torch.bool)
        self._rows = torch.zeros(count, 0)

    def of(self, index: Tensor, compute: Callable[[Tensor], Tensor]) -> Tensor:
        """Return the pooled features (n, f) of crops.

        Args:
            index: Row of each crop among the training crops (n,); -1 for crops that are not to be kept.
            compute: From places within ``index`` to pooled features, for those that are not known yet.
        """
        rows = index.cpu()
        missing = (rows < 0) | ~self._known[rows]
        if not missing.any():
            return self._rows[rows].to(index.device)
        with torch.no_grad():
            fresh = compute(missing.nonzero()[:, 0].to(index.device)).float().cpu()
        if self._rows.shape[1] != fresh.shape[1]:
            self._rows = torch.zeros(len(self._known), fresh.shape[1])
        values = self._rows[rows]
        values[missing] = fresh
        kept = rows >= 0
        self._rows[rows[kept]], self._known[rows[kept]] = values[kept], True
        return values.to(index.device)
