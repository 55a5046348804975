"""Several networks as one backbone are those networks side by side."""

import pytest
import torch
from torch.nn import functional

from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.backbones.caffenet_pretrained import CaffeNetPretrained
from lightning_modules.backbones.colour_histogram import ColourHistogram
from lightning_modules.backbones.colours import hue_histogram
from lightning_modules.backbones.joined import JoinedBackbone

SIZES = torch.zeros(2, 2)


def members(trainable_layers=0):
    torch.manual_seed(0)
    return {
        "large": CaffeNetPretrained(trainable_layers, weights=None, image_size=96, pooling="levels"),
        "small": AlexNetTwoLayer(image_size=64, pooling="levels"),
    }


def test_features_are_those_of_the_members_side_by_side_at_one_length_each_and_the_colours_once():
    images = torch.randn(2, 3, 96, 96)
    small = functional.interpolate(images, (64, 64), mode="bilinear", antialias=True)
    large_part = members()["large"].pooled_features(images, SIZES)[:, :-128]
    small_part = members()["small"].pooled_features(small, SIZES)[:, :-128]
    joined = JoinedBackbone(members(), {"small": 0.25}, image_size=96, embedding_dim=5)
    pooled = joined.pooled_features(images, SIZES)
    # Five and two levels: 3.5 for each member.
    parts = [large_part * (3.5 / 5) ** 0.5, small_part * (0.25 * 3.5 / 2) ** 0.5, hue_histogram(images, (8, 4, 4))]
    torch.testing.assert_close(pooled, torch.cat(parts, dim=1))
    lengths = [part.square().sum(1).mean().item() for part in pooled.split([part.shape[1] for part in parts], dim=1)]
    assert lengths == pytest.approx([3.5, 3.5 / 4, 1], rel=1e-4)
    torch.testing.assert_close(joined(images, SIZES), joined.embedding(pooled))
    assert len(joined.feature_maps(images)) == 7


def test_a_member_alone_gives_what_it_gives_alone():
    images = torch.randn(2, 3, 96, 96)
    joined = JoinedBackbone({"large": members()["large"]}, image_size=96)
    assert torch.equal(joined.pooled_features(images, SIZES), members()["large"].pooled_features(images, SIZES))
    assert not any("features.large.embedding" in name for name in joined.state_dict())


@torch.inference_mode()
@pytest.mark.parametrize("count", [0, 1, 8, 9])
def test_crops_are_seen_in_groups_as_alone(count):
    joined = JoinedBackbone(members(), image_size=96).eval()
    images = torch.randn(count, 3, 96, 96)
    expected = [joined.pooled_features(images[k : k + 1], SIZES[:1]) for k in range(count)]
    found = joined.pooled_features(images, torch.zeros(count, 2))
    torch.testing.assert_close(found, torch.cat([torch.zeros(0, joined.pooling.out_features), *expected]))


def test_members_are_trained_or_fixed_as_they_were():
    fixed = JoinedBackbone({"large": members()["large"]}, image_size=96).train()
    assert fixed.is_fixed
    assert not any(module.training for module in fixed.features["large"].features)
    assert not JoinedBackbone(members(), image_size=96).is_fixed


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: JoinedBackbone({}), "names no backbone"),
        (lambda: JoinedBackbone({"a.b": members()["small"]}), "a name is a word"),
        (lambda: JoinedBackbone({"keys": members()["small"]}), "a name is a word"),
        (lambda: JoinedBackbone({"colours": ColourHistogram()}), "colours must be .* got ColourHistogram"),
        (lambda: JoinedBackbone({"two": JoinedBackbone(members())}), "two must be .* got JoinedBackbone"),
        (lambda: JoinedBackbone(members(), {"other": 1}), "one of large, small, got 'other'"),
        (lambda: JoinedBackbone(members(), {"small": 0}), r"member_weights\.small must be above 0, got 0"),
        (lambda: JoinedBackbone(members(), {"small": float("nan")}), "must be above 0, got nan"),
    ],
)
def test_wrong_members_and_weights_are_named(build, message):
    with pytest.raises(ValueError, match=message):
        build()
