from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.nn import functional

from callbacks.lda_initialization import LdaInitializationCallback, even_sample_of_each_class
from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.embedding_module import EmbeddingModule
from lightning_modules.heads.anchored import AnchoredHead
from lightning_modules.heads.linear import LinearHead
from lightning_modules.heads.subcentre_arcface import SubCentreArcFaceHead
from lightning_modules.metrics.cosine import CosineMetric
from lightning_modules.metrics.minkowski import EuclideanMetric
from lightning_modules.preprocessing.batch_preprocessing import BatchPreprocessing


class Crops:
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __getitem__(self, rows):
        return {"image": self.images[rows], "size": torch.zeros(len(rows), 2), "index": torch.as_tensor(rows)}


def module_and_trainer(activation="none", ckpt_path=None):
    torch.manual_seed(0)
    labels = torch.arange(4).repeat_interleave(6)
    colours = torch.randint(30, 220, (4, 3))
    images = (colours[labels][:, :, None, None] + torch.randint(-30, 30, (24, 3, 32, 32))).clamp(0, 255).byte()
    backbone = AlexNetTwoLayer(
        image_size=32, pooling="levels", embedding_dim=3, activation=activation, normalization="none"
    )
    module = EmbeddingModule(
        backbone,
        lambda **sizes: AnchoredHead(scale=10.0, **sizes),
        CosineMetric(),
        torch.optim.Adam,
        BatchPreprocessing(),
        class_counts=[6, 6, 6, 6],
    )
    datamodule = SimpleNamespace(training=Crops(images, labels))
    precision = SimpleNamespace(forward_context=nullcontext)
    trainer = SimpleNamespace(datamodule=datamodule, ckpt_path=ckpt_path, precision_plugin=precision)
    return module, trainer, images, labels


def test_the_start_tells_the_products_apart_without_training():
    module, trainer, images, labels = module_and_trainer()
    LdaInitializationCallback(crops_per_class=6).on_fit_start(trainer, module)
    embeddings = module.embedder.raw(images, torch.zeros(24, 2))
    assert torch.equal(module.head(embeddings).argmax(1), labels)
    own = functional.normalize(embeddings)[labels == 2].mean(0)
    torch.testing.assert_close(module.head.anchors[2], functional.normalize(own, dim=0), rtol=1e-3, atol=1e-3)
    assert module.training


@pytest.mark.parametrize(("crops_per_class", "ckpt_path"), [(0, None), (6, "last.ckpt")])
def test_a_random_start_and_a_resumed_training_are_left_alone(crops_per_class, ckpt_path):
    module, trainer, *_ = module_and_trainer(ckpt_path=ckpt_path)
    before = module.embedder.backbone.embedding.linear.weight.clone()
    LdaInitializationCallback(crops_per_class).on_fit_start(trainer, module)
    assert torch.equal(module.embedder.backbone.embedding.linear.weight, before)


def test_an_embedding_that_is_not_linear_is_refused():
    module, trainer, *_ = module_and_trainer(activation="sigmoid")
    with pytest.raises(ValueError, match=r"backbone\.activation=none"):
        LdaInitializationCallback(6).on_fit_start(trainer, module)


def test_crops_are_spread_over_their_class():
    labels = np.array([1, 0, 1, 1, 0, 1, 1, 2])
    assert even_sample_of_each_class(labels, 2).tolist() == [0, 1, 4, 6, 7]
    assert even_sample_of_each_class(labels, 9).tolist() == list(range(8))


@pytest.mark.parametrize("crops_per_class", [1, -2])
def test_wrong_numbers_are_named(crops_per_class):
    with pytest.raises(ValueError, match=f"must be 0, at least 2, or auto, got {crops_per_class}"):
        LdaInitializationCallback(crops_per_class)


@pytest.mark.parametrize(
    "head",
    [
        LinearHead(3, 4, CosineMetric()),
        SubCentreArcFaceHead(3, 4, CosineMetric(), scale=10.0, margin=0.5, sub_centres=3),
        AnchoredHead(3, 4, EuclideanMetric(), scale=10.0),
    ],
    ids=lambda head: type(head).__name__,
)
def test_heads_without_one_anchor_a_product_on_the_sphere_keep_what_they_have(head):
    module, trainer, *_ = module_and_trainer()
    module.head = head
    before = {name: value.clone() for name, value in head.state_dict().items()}
    LdaInitializationCallback(6).on_fit_start(trainer, module)
    assert all(torch.equal(value, before[name]) for name, value in head.state_dict().items())


def test_auto_leaves_alone_what_is_not_linear_and_products_of_one_crop():
    callback = LdaInitializationCallback("auto")
    module, trainer, _, _ = module_and_trainer()
    before = module.embedder.backbone.embedding.linear.weight.clone()
    trainer.datamodule.training.labels = torch.arange(24)
    callback.on_fit_start(trainer, module)
    assert torch.equal(module.embedder.backbone.embedding.linear.weight, before)
    trainer.datamodule.training.labels = torch.arange(4).repeat_interleave(6)
    callback.on_fit_start(trainer, module)
    assert not torch.equal(module.embedder.backbone.embedding.linear.weight, before)
    module, trainer, _, _ = module_and_trainer(activation="sigmoid")
    callback.on_fit_start(trainer, module)
