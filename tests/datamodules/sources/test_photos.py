"""Labelled photos as a data source."""

import shutil

import numpy as np
import pytest
from PIL import Image
from support import real_data

from datamodules.sources.photos import PhotosSource
from inference.checkpoint import Checkpoint
from train import train

SIDES = np.array([[0, 0, 20, 30], [20, 0, 40, 30], [40, 0, 60, 30], [60, 0, 80, 30]])


def write_photo(folder, name, products):
    """Write a photo of noise, and its boxes as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(sum(map(ord, name)))
    Image.fromarray(generator.integers(0, 255, (30, 80, 3), dtype=np.uint8)).save(folder / f"{name}.png")
    lines = [",".join([*map(str, side), product]) for side, product in zip(SIDES, products, strict=False)]
    (folder / f"{name}.csv").write_text("\n".join(["x1,y1,x2,y2,label", *lines]))


@pytest.fixture
def root(tmp_path):
    """Ten photos in two folders; tea on all of them, cola on the first five, and one product on each alone."""
    for number in range(10):
        other = "cola" if number < 5 else "__WRONG"
        write_photo(tmp_path / f"store{number % 2}", f"p{number}", ["tea", other, f"only{number}", "__UNKNOWN"])
    return tmp_path


def test_boxes_of_training_photos_are_crops_and_the_others_whole_scenes(root):
    collection = PhotosSource(str(root), fold=1).load()
    assert [len(scene) for scene in collection.scenes] == [4, 4]
    assert collection.products == sorted(collection.products)
    assert not {scene.name for scene in collection.scenes} & set(collection.training.photos)
    names = [collection.products[label] for label in collection.training.labels]
    assert names.count("tea") == 8
    assert not any(name.startswith("__") for name in names)
    assert (collection.scenes[0].labels == -1).sum() >= 1


def test_each_photo_is_held_out_once(root):
    held = [scene.name for fold in range(5) for scene in PhotosSource(str(root), fold=fold).load().scenes]
    assert sorted(held) == sorted(f"store{number % 2}/p{number}" for number in range(10))


def test_ignored_products_are_left_out_and_the_other_boxes_keep_their_ids(root):
    scene = next(
        scene
        for fold in range(5)
        for scene in PhotosSource(str(root), ignored_products=["__WRONG", "tea"], fold=fold).load().scenes
        if scene.name == "store1/p9"
    )
    assert scene.ids == ("2", "3")
    assert (scene.labels >= 0).tolist() == [True, False]


def test_a_photo_of_one_product_is_trained_on(root):
    write_photo(root, "one", ["lemonade", "lemonade"])
    collection = PhotosSource(str(root), validation_fraction=0).load()
    assert (collection.training.labels == collection.products.index("lemonade")).sum() == 2
    assert collection.scenes == []


def test_copies_of_a_photo_stand_on_one_side_and_count_once(root):
    for suffix in ("png", "csv"):
        shutil.copy(root / f"store0/p0.{suffix}", root / f"copy.{suffix}")
    for fold in range(5):
        collection = PhotosSource(str(root), fold=fold).load()
        trained = {"copy", "store0/p0"} & set(collection.training.photos)
        held = {"copy", "store0/p0"} & {scene.name for scene in collection.scenes}
        assert (len(trained), len(held)) in ((2, 0), (0, 1))
        assert bool(collection.warnings) == bool(held)


def test_unseen_products_are_grouped_but_not_trained_on(root):
    collections = [PhotosSource(str(root), fold=0, unseen_folds=4, unseen_fold=fold).load() for fold in range(4)]
    trained = [set(collection.training.labels.tolist()) for collection in collections]
    assert set.intersection(*trained) == set()
    assert set.union(*trained) == set(PhotosSource(str(root), fold=0).load().training.labels.tolist())


def test_photos_without_names_are_grouped_and_without_boxes_skipped(root):
    (root / "plain.json").write_text('{"a": {"x1": 0, "y1": 0, "x2": 9, "y2": 9}}')
    shutil.copy(root / "store0/p0.png", root / "plain.png")
    shutil.copy(root / "store0/p0.png", root / "bare.png")
    collection = PhotosSource(str(root), validation_fraction=0).load()
    assert [scene.labels for scene in collection.scenes] == [None]
    assert "plain" not in collection.training.photos
    assert any("1 photos without boxes (bare.png)" in note for note in collection.warnings)


def test_a_label_map_merges_and_drops(root):
    path = root / "map.yaml"
    path.write_text("merge: {drink: [tea, cola]}\ndrop_classes: [only0]\n")
    collection = PhotosSource(str(root), label_map=str(path), validation_fraction=0).load()
    assert (collection.training.labels == collection.products.index("drink")).sum() == 15
    scenes = [
        scene for fold in range(5) for scene in PhotosSource(str(root), label_map=str(path), fold=fold).load().scenes
    ]
    first = next(scene for scene in scenes if scene.name == "store0/p0")
    assert first.labels[0] == first.labels[1]
    assert (first.labels[2:] == -1).all()


def test_mistakes_are_named(root, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere; give the photos' folder with data\.root=PATH"):
        PhotosSource(str(tmp_path / "nowhere")).load()
    with pytest.raises(FileNotFoundError, match=r"data\.boxes: there is no file or folder"):
        PhotosSource(str(root), boxes="nowhere.json").load()
    shutil.copy(root / "store0/p0.png", root / "store0/p0.bmp")
    with pytest.raises(ValueError, match="have the same name"):
        PhotosSource(str(root)).load()
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="there is no photo with a box file"):
        PhotosSource(str(tmp_path / "empty")).load()


@pytest.mark.filterwarnings("ignore:Total length of", "ignore:.*could not find the monitored key")
def test_it_trains_with_photos_held_out_and_without(config, root, tmp_path):
    assert np.isfinite(train(config("data=cornershop", f"data.root={root}", "data.fold=0")))
    everything = ["data=cornershop", f"data.root={root}", "data.validation_fraction=0", f"output_dir={tmp_path}/all"]
    assert np.isnan(train(config(*everything)))
    recipe = Checkpoint.read(tmp_path / "all/checkpoints/last.ckpt").recipe
    assert recipe.distance_threshold > 0


@pytest.mark.real_data
def test_the_shop_has_its_known_sizes():
    ignored = ["__UNKNOWN", "__WRONG"]
    collection = PhotosSource(str(real_data("CORNERSHOP")), ignored_products=ignored, fold=0).load()
    assert len(collection.scenes) == 3
    assert len(collection.training) + sum(map(len, collection.scenes)) == 813
