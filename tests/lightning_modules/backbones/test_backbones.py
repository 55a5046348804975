import colorsys

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from lightning_modules.backbones.alexnet_pretrained import AlexNetPretrained
from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.backbones.caffenet_pretrained import CaffeNetPretrained, CrossChannelNorm
from lightning_modules.backbones.colour_histogram import ColourHistogram
from lightning_modules.backbones.colours import hue_histogram
from lightning_modules.backbones.embedding_block import EmbeddingBlock
from lightning_modules.preprocessing.imagenet import MEAN, STD

FIVE_LAYER = [AlexNetPretrained, CaffeNetPretrained]
SIZES = torch.zeros(2, 2)


def test_two_layer_net_has_the_reports_shapes():
    shapes = {name: tuple(value.shape) for name, value in AlexNetTwoLayer().state_dict().items()}
    assert shapes["features.0.weight"] == (4, 3, 11, 11)
    assert shapes["features.3.weight"] == (16, 4, 5, 5)
    assert shapes["embedding.linear.weight"] == (32, 576)
    assert shapes["embedding.normalization.weight"] == (32,)


def test_caffenet_has_grouped_layers_under_their_keys():
    net = CaffeNetPretrained(weights=None)
    shapes = {name: tuple(value.shape) for name, value in net.features.state_dict().items() if "weight" in name}
    assert shapes == {
        "0.weight": (96, 3, 11, 11),
        "4.weight": (256, 48, 5, 5),
        "8.weight": (384, 256, 3, 3),
        "10.weight": (384, 192, 3, 3),
        "12.weight": (256, 192, 3, 3),
    }
    assert net.features(torch.zeros(1, 3, 227, 227)).shape == (1, 256, 6, 6)


@pytest.mark.parametrize("net_class", FIVE_LAYER)
@pytest.mark.parametrize(("trainable_layers", "expected"), [(0, 0), (1, 1), (2, 2), (5, 5), ("all", 5)])
def test_only_the_last_layers_and_the_embedding_are_trained(net_class, trainable_layers, expected):
    net = net_class(trainable_layers=trainable_layers, weights=None)
    convolutions = [layer for layer in net.features if isinstance(layer, nn.Conv2d)]
    trained = [layer.weight.requires_grad for layer in convolutions]
    assert trained == [False] * (5 - expected) + [True] * expected
    assert all(parameter.requires_grad for parameter in net.embedding.parameters())
    net.train()
    frozen = net.features[: net.frozen_depth]
    assert not any(layer.training for layer in frozen)
    assert all(layer.training for layer in net.features[net.frozen_depth :])


@pytest.mark.parametrize("net_class", FIVE_LAYER)
def test_a_step_leaves_frozen_layers_as_they_are(net_class):
    net = net_class(trainable_layers=1, weights=None).train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    optimizer = torch.optim.SGD([value for value in net.parameters() if value.requires_grad], lr=1.0)
    net(torch.randn(2, 3, net.image_size, net.image_size), SIZES).square().sum().backward()
    optimizer.step()
    moved = {name for name, value in net.state_dict().items() if not torch.equal(value, before[name])}
    last = [index for index, layer in enumerate(net.features) if isinstance(layer, nn.Conv2d)][-1]
    assert f"features.{last}.weight" in moved
    assert "embedding.linear.weight" in moved
    assert not any(name.startswith("features.") and f".{last}." not in name for name in moved)


def test_a_histogram_counts_colours_and_not_places():
    net = ColourHistogram(bins=4, image_size=16)
    images = torch.randn(3, 3, 16, 16)
    shuffled = images.flatten(2)[:, :, torch.randperm(256)].view_as(images)
    torch.testing.assert_close(net(images, SIZES), net(shuffled, SIZES))
    torch.testing.assert_close(net(images, SIZES).square().sum(1), torch.ones(3))
    slow, _ = np.histogramdd(images[0].flatten(1).T.numpy().clip(-2.1999, 2.6999), bins=4, range=[(-2.2, 2.7)] * 3)
    np.testing.assert_allclose(net(images, SIZES)[0].square().numpy(), slow.flatten() / 256, atol=1e-6)


@pytest.mark.parametrize("wrong", [-1, 6, "some", True, 1.5])
def test_wrong_trainable_layers_name_the_range(wrong):
    with pytest.raises(ValueError, match=r"'all' or within 0\.\.5, got"):
        CaffeNetPretrained(trainable_layers=wrong, weights=None)


@pytest.mark.parametrize("net", [AlexNetTwoLayer(), AlexNetTwoLayer((8, 24), image_size=96, embedding_dim=7)])
def test_feature_maps_are_those_of_each_layer(net):
    maps = net.feature_maps(torch.randn(2, 3, net.image_size, net.image_size))
    assert [layer.shape[1] for layer in maps] == [
        layer.out_channels for layer in net.features if hasattr(layer, "bias")
    ]
    assert all((layer >= 0).all() for layer in maps)


@pytest.mark.parametrize("widths", [(4,), (0, 3), (1, 2, 3)])
def test_wrong_widths_are_named(widths):
    with pytest.raises(ValueError, match=r"backbone\.widths"):
        AlexNetTwoLayer(widths)


def test_size_input_changes_the_embedding():
    torch.manual_seed(0)
    block = EmbeddingBlock(3, embedding_dim=4, size_input=True)
    features = torch.randn(2, 3)
    small, large = (block(block.inputs(features, sizes)) for sizes in (torch.zeros(2, 2), torch.ones(2, 2)))
    assert not torch.allclose(small, large)


@pytest.mark.parametrize("options", [{"activation": "swish"}, {"normalization": "group"}, {"embedding_dim": 0}])
def test_wrong_embedding_options_are_named(options):
    with pytest.raises(ValueError, match=str(next(iter(options.values())))):
        EmbeddingBlock(3, **options)


@pytest.mark.parametrize("options", [{"pooling": "max"}, {"pool_size": 0}])
def test_wrong_pooling_is_named(options):
    name, value = next(iter(options.items()))
    with pytest.raises(ValueError, match=rf"backbone\.{name} must be .* got '?{value}"):
        AlexNetTwoLayer(**options)


def test_channels_are_normalised_as_torch_does_it():
    maps = 30 * torch.randn(2, 96, 5, 5)
    expected = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0)(maps)
    torch.testing.assert_close(CrossChannelNorm(96)(maps), expected, rtol=1e-5, atol=1e-5)


def test_levels_are_the_means_of_all_layers_and_the_colours():
    net = AlexNetTwoLayer((4, 16), image_size=64, pooling="levels")
    images = torch.randn(3, 3, 64, 64)
    pooled = net.pooled_features(images, torch.zeros(3, 2))
    parts = pooled.split([4, 16, 128], dim=1)
    for part, level in zip(parts, net.feature_maps(images), strict=False):
        mean = level.mean((2, 3))
        torch.testing.assert_close(part, mean / mean.norm(dim=1, keepdim=True))
    torch.testing.assert_close(parts[2], hue_histogram(images, (8, 4, 4)))
    torch.testing.assert_close(net(images, torch.zeros(3, 2)), net.embedding(pooled))


def test_colours_stand_beside_the_embedding():
    torch.manual_seed(0)
    net = AlexNetTwoLayer((4, 16), image_size=64, pooling="levels", embedding_dim=5, colour_weight=3.0, size_input=True)
    images = torch.randn(4, 3, 64, 64)
    values = functional.normalize(net(images, SIZES.repeat(2, 1)))
    assert values.shape == (4, net.embedding_dim) == (4, 5 + 128)
    alone = functional.normalize(net.embedding(net.pooled_features(images, SIZES.repeat(2, 1))))
    colours = hue_histogram(images, (8, 4, 4))
    torch.testing.assert_close(values @ values.T, (alone @ alone.T + 3 * colours @ colours.T) / 4)


@pytest.mark.parametrize(("weight", "pooling"), [(-1.0, "levels"), (float("nan"), "levels"), (0.5, "grid")])
def test_wrong_weights_of_colours_are_named(weight, pooling):
    with pytest.raises(ValueError, match=rf"backbone\.colour_weight.*{weight}"):
        AlexNetTwoLayer(image_size=64, pooling=pooling, colour_weight=weight)


def test_levels_of_a_frozen_net_have_no_gradient_before_the_trained_layers():
    net = CaffeNetPretrained(trainable_layers=1, weights=None, image_size=64, pooling="levels")
    net(torch.randn(2, 3, 64, 64), SIZES).square().sum().backward()
    assert {name for name, value in net.features.named_parameters() if value.grad is not None} == {
        "12.weight",
        "12.bias",
    }


def test_a_hue_histogram_counts_as_colorsys_does():
    pixels = torch.rand(2, 3, 5, 5)
    mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, STD))
    found = hue_histogram((pixels - mean) / deviation, (8, 4, 4))
    for picture, histogram in zip(pixels, found, strict=True):
        counts = np.zeros((8, 4, 4))
        for red, green, blue in picture.flatten(1).T.tolist():
            hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
            counts[min(int(hue * 8), 7), min(int(saturation * 4), 3), min(int(value * 4), 3)] += 1
        np.testing.assert_allclose(histogram.square().numpy().reshape(8, 4, 4), counts / 25, atol=1e-6)


@pytest.mark.parametrize("shade", [0.0, 0.5, 1.0])
def test_a_grey_crop_has_one_bin(shade):
    mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, STD))
    histogram = hue_histogram(((torch.full((1, 3, 4, 4), shade) - mean) / deviation), (8, 4, 4))
    assert histogram.max() == 1
    assert histogram.sum() == 1
