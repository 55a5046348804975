import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from datamodules.crops import CropTable
from datamodules.sources.corruption import Corruption, corrupt, corruption_of
from datamodules.sources.synthetic import SyntheticSource

PRODUCTS = [f"product{number}" for number in range(20)]
ROOT = Path("/data")


@pytest.fixture
def table():
    labels = np.repeat(np.arange(20), 12)
    photos = [f"photo{number % 6}" for number in range(240)]
    return CropTable.whole_pictures([f"/data/{number}.png" for number in range(240)], labels.tolist(), photos)


def test_no_label_noise_by_default(table):
    products, same, truth = corrupt(PRODUCTS, table, Corruption(), ROOT)
    assert products == PRODUCTS
    np.testing.assert_array_equal(same.labels, table.labels)
    assert truth["duplicate"] == truth["mix"] == truth["mislabel"] == []


def test_twins_share_no_crop_and_stand_at_the_end(table):
    products, spoilt, truth = corrupt(PRODUCTS, table, Corruption(duplicate=0.2, seed=3), ROOT)
    assert products[:20] == PRODUCTS
    assert [item["split_by"] for item in truth["duplicate"]] == ["photo", "crop", "photo", "crop"]
    for number, item in enumerate(truth["duplicate"]):
        first, twin = (spoilt.labels == products.index(name) for name in item["names"])
        assert twin.sum() == 6
        original = table.labels == products.index(item["names"][0])
        np.testing.assert_array_equal(first | twin, original)
        if number % 2 == 0:
            assert not set(spoilt.photos[first]) & set(spoilt.photos[twin])
    untouched = ~np.isin(table.labels, [products.index(item["names"][0]) for item in truth["duplicate"]])
    np.testing.assert_array_equal(spoilt.labels[untouched], table.labels[untouched])


def test_a_mixture_takes_the_second_class_whole(table):
    _, spoilt, truth = corrupt(PRODUCTS, table, Corruption(duplicate=0.1, mix=0.1, seed=1), ROOT)
    assert len(truth["mix"]) == 2
    for item in truth["mix"]:
        first, second = (PRODUCTS.index(name) for name in item["holds"])
        assert not (spoilt.labels == second).any()
        np.testing.assert_array_equal(spoilt.labels == first, np.isin(table.labels, [first, second]))
    touched = [name for item in truth["mix"] for name in item["holds"]]
    touched += [item["names"][0] for item in truth["duplicate"]]
    assert len(touched) == len(set(touched)) == 6


def test_mislabelled_crops_are_listed(table):
    _, spoilt, truth = corrupt(PRODUCTS, table, Corruption(mislabel=0.05, seed=2), ROOT)
    changed = np.flatnonzero(spoilt.labels != table.labels)
    assert sorted(item["crop"] for item in truth["mislabel"]) == sorted(f"{row}.png" for row in changed)
    assert len(changed) == 12
    for item in truth["mislabel"]:
        row = int(Path(item["crop"]).stem)
        assert (PRODUCTS[table.labels[row]], PRODUCTS[spoilt.labels[row]]) == (item["true"], item["given"])


def test_the_seed_decides(table):
    settings = Corruption(duplicate=0.2, mix=0.2, mislabel=0.1)
    labels = [corrupt(PRODUCTS, table, settings._replace(seed=seed), ROOT)[1].labels.tolist() for seed in (0, 0, 1)]
    assert labels[0] == labels[1] != labels[2]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"duplicate": -0.1}, r"data\.corrupt\.duplicate must lie within 0\.\.1, got -0\.1"),
        ({"mix": 0.6}, r"data\.corrupt\.mix must lie within 0\.\.0\.5, got 0\.6"),
        ({"duplicate": 0.5, "mix": 0.4}, "at most 1"),
        ({"swap": 0.1}, "takes duplicate, mix, mislabel, seed, got swap"),
    ],
)
def test_settings_out_of_range_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        corruption_of(settings)


@pytest.fixture
def shelves(cache_dir):
    sizes = {"num_brands": 3, "num_train_photos": 3, "num_test_photos": 1, "photo_width": 500, "photo_height": 400}
    return {**sizes, "cache_dir": str(cache_dir), "workers": 1}


def test_only_training_crops_of_the_shelves_are_spoilt(shelves):
    clean, spoilt = SyntheticSource(**shelves), SyntheticSource(**shelves, corrupt={"duplicate": 0.5, "seed": 4})
    assert clean.folder() == spoilt.folder()
    assert clean.corruption_file() is None
    before, after = clean.load(), spoilt.load()
    truth = json.loads(spoilt.corruption_file().read_text())
    assert truth["duplicate"]
    assert after.products[: len(before.products)] == before.products
    assert (before.training.labels != after.training.labels).any()
    np.testing.assert_array_equal(before.scenes[0].labels, after.scenes[0].labels)
    assert str(spoilt.corruption_file()) in after.warnings[0]


def test_a_label_map_undoes_label_noise(shelves, tmp_path):
    spoilt = SyntheticSource(**shelves, corrupt={"duplicate": 0.5, "seed": 4})
    spoilt.load()
    twins = [item["names"] for item in json.loads(spoilt.corruption_file().read_text())["duplicate"]]
    path = tmp_path / "label_map.yaml"
    path.write_text(yaml.safe_dump({"merge": {names[0]: names for names in twins}}))
    corrected = SyntheticSource(**shelves, corrupt=spoilt.corrupt, label_map=str(path)).load()
    clean = SyntheticSource(**shelves).load()
    assert corrected.products == clean.products
    np.testing.assert_array_equal(corrected.training.labels, clean.training.labels)
    np.testing.assert_array_equal(corrected.scenes[0].labels, clean.scenes[0].labels)


def test_dropped_classes_are_unknown_in_scenes(shelves, tmp_path):
    clean = SyntheticSource(**shelves).load()
    shown = int(clean.scenes[0].labels[0])
    path = tmp_path / "label_map.yaml"
    path.write_text(yaml.safe_dump({"drop_classes": [clean.products[shown]]}))
    mapped = SyntheticSource(**shelves, label_map=str(path)).load()
    assert ((mapped.scenes[0].labels == -1) == (clean.scenes[0].labels == shown)).all()
