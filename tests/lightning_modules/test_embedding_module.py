from types import SimpleNamespace

import pytest
import torch
from small_module import batch, make_module

from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.backbones.colour_histogram import ColourHistogram
from lightning_modules.embedder import Embedder
from lightning_modules.embedding_module import _balanced_weights
from lightning_modules.metrics.cosine import CosineMetric
from lightning_modules.preprocessing.batch_preprocessing import BatchPreprocessing
from lightning_modules.schedules import cosine


def test_training_fits_two_crops():
    torch.manual_seed(0)
    module = make_module().train()
    module.log_dict = lambda *_, **__: None
    optimizer, crops = module.configure_optimizers(), batch([0, 1])
    losses = []
    for _ in range(60):
        loss = module.training_step(crops, 0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item() - module.head.loss_floor())
    assert losses[-1] < 0.2 * losses[0]


def test_validation_leaves_unknown_products_out_of_loss_and_accuracy():
    module = make_module().eval()
    logged = {}
    module.log_dict = lambda values, **_: logged.update(values)
    crops = batch([0, -1, 1, -1])
    outputs = module.validation_step(crops, 0)
    assert outputs["embedding"].shape == (4, 32)
    torch.testing.assert_close(outputs["embedding"].norm(dim=1), torch.ones(4))
    alone = {}
    module.log_dict = lambda values, **_: alone.update(values)
    module.validation_step({name: value[[0, 2]] for name, value in crops.items()}, 0)
    torch.testing.assert_close(logged["val/loss"], alone["val/loss"])


def test_the_loss_never_meets_an_unknown_product():
    module = make_module().eval()
    module.log_dict = lambda *_, **__: None
    met = []
    module.head.loss = lambda embeddings, labels, weight=None: met.extend(labels.tolist()) or embeddings.sum()
    module.validation_step(batch([0, -1, 1, -1]), 0)
    assert met == [0, 1]


def test_validation_without_known_products_logs_nothing():
    module = make_module().eval()
    module.log_dict = lambda *_, **__: pytest.fail("nothing to log")
    module.validation_step(batch([-1, -1]), 0)


def test_class_weights_are_inverse_counts_with_mean_one_over_crops():
    weights = _balanced_weights([10, 30])
    torch.testing.assert_close(weights, torch.tensor([2.0, 2 / 3]))
    assert make_module(class_weights=True).loss_weights is not None
    assert make_module().loss_weights is None


def test_crops_of_another_size_are_refused():
    embedder = Embedder(BatchPreprocessing(), AlexNetTwoLayer(image_size=64), CosineMetric())
    with pytest.raises(ValueError, match=r"resize\.image_size=32, but the backbone expects 64"):
        embedder(torch.zeros(2, 3, 32, 32, dtype=torch.uint8), torch.zeros(2, 2))


def test_weights_of_an_older_checkpoint_are_taken_under_their_former_names():
    older = {
        name.replace("preprocessing.", "transform."): value + 1 for name, value in make_module().state_dict().items()
    }
    assert "embedder.transform.mean" in older
    module = make_module()
    module.load_state_dict(older)
    assert torch.equal(module.embedder.preprocessing.mean, older["embedder.transform.mean"])


def test_embedding_does_not_depend_on_the_batch():
    embedder = make_module().embedder
    crops = batch([0, 1, 0, 1, 0])
    whole = embedder.embed(iter([(crops["image"], crops["size"])]))
    parts = embedder.embed(zip(crops["image"].split(2), crops["size"].split(2), strict=True))
    torch.testing.assert_close(whole, parts)
    assert embedder.embed(iter([])).shape == (0, 32)


@pytest.mark.parametrize(
    ("backbone", "rounded"),
    [
        (AlexNetTwoLayer(image_size=64), True),
        (AlexNetTwoLayer(image_size=64, pooling="levels"), False),
        (ColourHistogram(image_size=64), False),
    ],
    ids=["convolutions", "convolutions and colours", "colours"],
)
def test_mixed_precision_rounds_the_input_only_where_no_colours_are_counted(backbone, rounded):
    crops, seen = batch([0, 1]), []
    embedder = Embedder(BatchPreprocessing(), backbone, CosineMetric()).eval()
    embedder.backbone.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].dtype))
    with torch.autocast("cpu", torch.bfloat16):
        mixed = embedder.raw(crops["image"], crops["size"])
        plain = embedder.backbone(embedder.preprocessing(crops["image"]), crops["size"])
    embedder.raw(crops["image"], crops["size"])
    assert [seen[0], seen[-1]] == [torch.bfloat16 if rounded else torch.float32, torch.float32]
    # The convolutions round the same numbers themselves.
    assert torch.equal(mixed, plain)


def test_features_may_learn_slower_than_the_rest():
    module = make_module(features_lr_factor=0.1)
    rest, features = module.configure_optimizers().param_groups
    assert (rest["lr"], features["lr"]) == pytest.approx((0.01, 0.001))
    assert {id(weight) for weight in features["params"]} == {
        id(weight) for weight in module.embedder.backbone.features.parameters()
    }
    assert len(rest["params"]) + len(features["params"]) == len(list(module.parameters()))


def test_one_rate_is_one_group_and_frozen_layers_are_in_none():
    module = make_module()
    assert len(module.configure_optimizers().param_groups) == 1
    slow = make_module(features_lr_factor=0.1)
    slow.embedder.backbone.features.requires_grad_(False)
    (group,) = slow.configure_optimizers().param_groups
    assert all(weight.requires_grad for weight in group["params"])


@pytest.mark.parametrize("factor", [0, -1, "slow", True, float("nan"), float("inf")])
def test_a_factor_that_is_no_positive_number_is_refused(factor):
    with pytest.raises(ValueError, match=r"module\.features_lr_factor must be a positive number, got"):
        make_module(features_lr_factor=factor)


def test_a_schedule_is_made_for_the_length_of_the_training_and_stepped_with_every_batch():
    module = make_module(scheduler=cosine, features_lr_factor=0.5)
    module._trainer = SimpleNamespace(estimated_stepping_batches=4)
    configured = module.configure_optimizers()
    assert configured["lr_scheduler"]["interval"] == "step"
    for _ in range(2):
        configured["optimizer"].step()
        configured["lr_scheduler"]["scheduler"].step()
    assert [group["lr"] for group in configured["optimizer"].param_groups] == pytest.approx([0.005, 0.0025])
