"""Several networks as one backbone: their levels side by side, and one embedding of all."""

import math
from collections.abc import Mapping
from typing import Unpack

from torch import Tensor, nn

from lightning_modules.backbones.embedding_block import BlockOptions
from lightning_modules.backbones.pooled import CROPS_AT_ONCE, PooledBackbone
from lightning_modules.backbones.pooling import LevelPool
from lightning_modules.checks import check_choice, check_number
from lightning_modules.preprocessing.conversion import resized


class JoinedBackbone(PooledBackbone):
    """The levels of several networks and the crop's colours, once, under one embedding.

    Every level has unit length as in a network alone, and then each member a length of its own: members count alike,
    however many levels they have, unless they have weights. One member with weight 1 gives what it gives alone.

    Args:
        members: Backbones by name, each of one network. Their pooling and embedding are not used, and not kept.
        member_weights: Share of a member's similarities in all, by name; 1 where none is given.
        image_size: Side in pixels of the square crops; each member gets them resized to what it expects.
        colour_weight: See :class:`PooledBackbone`.
        **embedding: Options of :class:`EmbeddingBlock`.

    Raises:
        ValueError: If there is no member, one is no backbone of one network, or a weight is for none or not above 0.
    """

    features: nn.ModuleDict
    crops_at_once = CROPS_AT_ONCE

    def __init__(
        self,
        members: Mapping[str, PooledBackbone],
        member_weights: Mapping[str, float] | None = None,
        image_size: int = 224,
        colour_weight: float = 0.0,
        **embedding: Unpack[BlockOptions],
    ) -> None:
        weights = _check_weights(_check_members(members), member_weights or {})
        for member in members.values():
            del member.embedding
        channels = [count for member in members.values() for count in member.channels]
        typical = len(channels) / len(members)
        lengths = [
            (weights[name] * typical / len(member.channels)) ** 0.5
            for name, member in members.items()
            for _ in member.channels
        ]
        networks = nn.ModuleDict(dict(members))
        super().__init__(networks, channels, image_size, LevelPool(channels, lengths), colour_weight, **embedding)

    def run_features(self, images: Tensor, keep_levels: bool) -> tuple[list[Tensor], Tensor]:
        """Return the maps of all members' levels, and the last of them."""
        levels: list[Tensor] = []
        for member in self.features.values():
            assert isinstance(member, PooledBackbone)
            levels += member.run_features(resized(images, member.image_size), keep_levels=True)[0]
        return levels, levels[-1]


def _check_members(members: Mapping[str, PooledBackbone]) -> Mapping[str, PooledBackbone]:
    if not members:
        raise ValueError("backbone.members names no backbone: type backbone=joined, or +backbone.members.NAME={...}")
    for name, member in members.items():
        # Names stand in those of the weights, between dots, and must be none of the dictionary's own.
        if not name.isidentifier() or hasattr(nn.ModuleDict, name):
            raise ValueError(f"backbone.members: a name is a word of letters, digits and _, got {name!r:.80}")
        if not isinstance(member, PooledBackbone) or isinstance(member, JoinedBackbone):
            raise ValueError(
                f"backbone.members.{name} must be a backbone of one network, as caffenet_pretrained or timm, "
                f"got {type(member).__name__}"
            )
    return members


def _check_weights(members: Mapping[str, PooledBackbone], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the weight of every member."""
    for name in weights:
        check_choice("backbone.member_weights: a name", name, members)
    checked = {
        name: check_number(f"backbone.member_weights.{name}", value, "above 0", lambda x: 0 < x < math.inf)
        for name, value in weights.items()
    }
    return {name: checked.get(name, 1.0) for name in members}
