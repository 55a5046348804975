import pytest
import torch
from small_module import batch, fixed_module, losses, make_module

from lightning_modules.backbones.alexnet_two_layer import AlexNetTwoLayer
from lightning_modules.backbones.caffenet_pretrained import CaffeNetPretrained
from lightning_modules.preprocessing.batch_preprocessing import BatchPreprocessing


def test_training_is_the_same_with_features_computed_once():
    torch.manual_seed(1)
    crops = batch([0, 1, 1, 0, 1, 0])
    drawn = [[0, 1, 2], [2, 1, 5], [3, 3, 4], [5, 0, 2], [4, 1, 3]]
    batches = [{name: value[rows] for name, value in crops.items()} for rows in drawn]
    again, once = losses(fixed_module(), batches), losses(fixed_module(cache_features=True), batches)
    assert once == pytest.approx(again, rel=1e-4)


def test_each_crop_is_looked_at_once_and_those_that_fill_up_a_share_are_not_kept():
    kept, seen = fixed_module(cache_features=True).feature_cache, []

    def compute(places):
        seen.extend(places.tolist())
        return torch.stack([places, places], dim=1).float() + 10

    first = kept.of(torch.tensor([4, 7, -1]), compute)
    second = kept.of(torch.tensor([-1, 7, 9, 4]), compute)
    third = kept.of(torch.tensor([9, 9]), compute)
    assert seen == [0, 1, 2, 0, 2]
    assert first[:, 0].tolist() == [10, 11, 12]
    assert second[:, 0].tolist() == [10, 11, 12, 10]
    assert third[:, 0].tolist() == [12, 12]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"backbone": AlexNetTwoLayer(image_size=64)}, r"convolutional layers are fixed: type backbone="),
        (
            {
                "backbone": CaffeNetPretrained(trainable_layers=0, weights=None, image_size=64),
                "preprocessing": BatchPreprocessing(shift=0.1),
            },
            "not augmented: type preprocessing=plain",
        ),
    ],
)
def test_features_that_change_cannot_be_kept(options, message):
    with pytest.raises(ValueError, match=message):
        make_module(cache_features=True, **options)


def test_with_auto_features_are_kept_where_they_stay_the_same():
    linear = {"activation": "none", "normalization": "none"}
    fixed = {"trainable_layers": 0, "weights": None, "image_size": 64, "pooling": "levels"}
    kept = CaffeNetPretrained(**fixed, **linear)
    assert make_module(backbone=kept, cache_features="auto").feature_cache is not None
    assert make_module(backbone=AlexNetTwoLayer(image_size=64, **linear), cache_features="auto").feature_cache is None
    with pytest.raises(ValueError, match="must be true, false or auto, got 'yes'"):
        make_module(backbone=kept, cache_features="yes")
