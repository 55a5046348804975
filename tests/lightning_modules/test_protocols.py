"""Every option of backbone, metric and preprocessing offers what the protocols ask for."""

import inspect

import pytest
import torch
from hydra.utils import instantiate
from support import ROOT, compose_config, random_weights

from lightning_modules.protocols import Backbone, Metric, Preprocessing


def options(group):
    return [path.stem for path in sorted((ROOT / "conf" / group).glob("[!_]*.yaml"))]


def same_signatures(part, protocol):
    methods = [name for name, _ in inspect.getmembers(protocol, inspect.isfunction) if not name.startswith("_")]
    return all(
        list(inspect.signature(getattr(part, name)).parameters)
        == list(inspect.signature(getattr(protocol, name)).parameters)[1:]
        for name in methods
    )


@pytest.mark.parametrize("option", options("backbone"))
def test_backbones(option):
    if option in ("timm", "joined"):
        pytest.importorskip("timm")
    cfg = compose_config([f"backbone={option}", *(["backbone.name=resnet10t"] if option == "timm" else [])])
    backbone = instantiate(random_weights(cfg.backbone)).eval()
    assert isinstance(backbone, Backbone)
    assert same_signatures(backbone, Backbone)
    images, sizes = torch.randn(2, 3, backbone.image_size, backbone.image_size), torch.zeros(2, 2)
    raw = backbone(images, sizes)
    assert raw.shape == (2, backbone.embedding_dim)
    assert torch.equal(backbone.project(backbone.pooled_features(images, sizes)), raw)
    assert all(len(layer) == 2 and layer.dim() == 4 for layer in backbone.feature_maps(images))


@pytest.mark.parametrize("option", options("metric"))
def test_metrics(option):
    metric = instantiate(compose_config([f"metric={option}"]).metric)
    assert isinstance(metric, Metric)
    assert same_signatures(metric, Metric)
    # Variants of a metric, as cosine_sizes, are that metric with other options.
    assert option.startswith(metric.name)
    raw = torch.randn(3, 4)
    assert metric(raw, raw).shape == (3, 3)
    assert metric.normalize(raw).shape == (3, 4)
    assert metric.to_embedding(raw, torch.zeros(3, 2)).shape == (3, 8 if metric.takes_sizes else 4)


@pytest.mark.parametrize("option", options("preprocessing"))
def test_preprocessing(option):
    preprocessing = instantiate(compose_config([f"preprocessing={option}"]).preprocessing)
    assert isinstance(preprocessing, Preprocessing)
    assert same_signatures(preprocessing, Preprocessing)
    images = torch.randint(0, 256, (2, 3, 8, 8), dtype=torch.uint8)
    uniforms = preprocessing.uniforms(0, 0, torch.arange(2))
    assert (uniforms is None) == (not preprocessing.augments)
    assert preprocessing(images, uniforms, torch.float32).shape == images.shape
