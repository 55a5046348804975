"""A module and batches that are small enough to train on in a test."""

from functools import partial

import torch

from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.backbones.caffenet_pretrained import CaffeNetPretrained
from lightning_modules.embedding_module import EmbeddingModule
from lightning_modules.heads.anchored import AnchoredHead
from lightning_modules.metrics.cosine import CosineMetric
from lightning_modules.preprocessing.batch_preprocessing import BatchPreprocessing


def make_module(**options):
    usual = {
        "backbone": AlexNetTwoLayer(image_size=64),
        "head": partial(AnchoredHead, scale=10),
        "metric": CosineMetric(),
        "optimizer": partial(torch.optim.Adam, lr=0.01),
        "preprocessing": BatchPreprocessing(),
        "class_counts": [10, 30],
    }
    return EmbeddingModule(**usual | options)


def batch(labels):
    count = len(labels)
    images = torch.randint(0, 256, (count, 3, 64, 64), dtype=torch.uint8)
    sizes, rows = torch.zeros(count, 2), torch.arange(count)
    return {"image": images, "label": torch.tensor(labels), "size": sizes, "index": rows, "place": rows}


def fixed_module(**options):
    torch.manual_seed(0)
    backbone = CaffeNetPretrained(trainable_layers=0, weights=None, image_size=64, pooling="levels")
    module = make_module(backbone=backbone, **options)
    module.log_dict = lambda *_, **__: None
    return module


def losses(module, batches):
    optimizer, values = module.configure_optimizers(), []
    for crops in batches:
        loss = module.training_step(crops, 0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    return values
