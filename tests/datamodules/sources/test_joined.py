"""Several sources in one training."""

import json

import numpy as np
import pytest
from PIL import Image

from datamodules.crop_datamodule import CropDataModule
from datamodules.crops import CropTable
from datamodules.scene import Scene
from datamodules.sources.folder import FolderSource
from datamodules.sources.joined import JoinedSources
from datamodules.sources.source_data import SourceData
from datamodules.transforms.crop_resize import CropResize
from scripts.cli.mistakes import explain_mistakes
from train import train


class Made:
    """A source of one photo with two products, a scene with an unknown product, and a crop in no scene."""

    def __init__(self, products, crops=4):
        self.products, self.crops = products, crops

    def load(self):
        files = [f"{number}.jpg" for number in range(self.crops)]
        labels = [number % 2 for number in range(self.crops)]
        table = CropTable.whole_pictures(files, labels, ["p", *[""] * (self.crops - 1)])
        boxes = np.array([[0, 0, 1, 1], [1, 0, 2, 1]], np.float32)
        scene = Scene("s", ("a", "b"), "s.jpg", boxes, labels=np.array([1, -1]))
        return SourceData(list(self.products), table, [scene], table.take(np.array([1])), ("odd",))


def test_equal_names_of_two_sources_are_two_products():
    joined = JoinedSources({"shop": Made(["tea", "cola"]), "store": Made(["cola", "tea"])}).load()
    assert joined.products == ["shop/tea", "shop/cola", "store/cola", "store/tea"]
    assert joined.training.labels.tolist() == [0, 1, 0, 1, 2, 3, 2, 3]
    assert joined.training.photos.tolist() == ["shop/p", "", "", "", "store/p", "", "", ""]
    assert [(scene.name, scene.source) for scene in joined.scenes] == [("shop/s", "shop"), ("store/s", "store")]
    assert [scene.labels.tolist() for scene in joined.scenes] == [[1, -1], [3, -1]]
    assert joined.unplaced_crops.labels.tolist() == [1, 3]
    assert joined.warnings == ("shop: odd", "store: odd")
    assert joined.repeats is None


def test_equal_names_may_be_one_product():
    joined = JoinedSources({"a": Made(["tea", "cola"]), "b": Made(["cola", "tea"])}, shared_products=True).load()
    assert joined.products == ["tea", "cola"]
    assert joined.training.labels.tolist() == [0, 1, 0, 1, 1, 0, 1, 0]
    assert [scene.labels.tolist() for scene in joined.scenes] == [[1, -1], [0, -1]]


def test_label_noise_is_injected_into_the_training_crops_of_each_source():
    sources = {"a": Made(["tea", "cola"], 40), "b": Made(["cola", "tea"], 20)}
    clean = JoinedSources(sources).load()
    joined = JoinedSources(sources, corrupt={"duplicate": 0.5, "mislabel": 0.1}).load()
    # Each source has a third product, half of one of its two.
    assert [product.rpartition("-")[2] for product in joined.products if "-" in product] == ["again", "again"]
    assert len(joined.products) == 6
    assert [sorted(set(part.tolist())) for part in np.split(joined.training.labels, [40])] == [[0, 1, 2], [3, 4, 5]]
    assert [joined.products[scene.labels[0]] for scene in joined.scenes] == ["a/cola", "b/tea"]
    assert joined.unplaced_crops.labels.tolist() == [1, 4]
    noise = "injected label noise: 1 products split in two, 0 pairs merged, 4 crops under another name"
    assert noise in joined.warnings[1]
    assert "noise" not in str(clean.warnings)
    mixed = JoinedSources(sources, corrupt={"mix": 0.5}).load()
    assert [len(set(part.tolist())) for part in np.split(mixed.training.labels, [40])] == [1, 1]
    with pytest.raises(ValueError, match=r"data\.corrupt\.mix must lie within 0\.\.0\.5, got 2"):
        JoinedSources(sources, corrupt={"mix": 2})


def test_a_fold_reaches_the_sources_that_hold_back():
    made = Made(["tea", "cola"])
    held = FolderSource("nowhere", validation_fraction=0.1)
    whole = FolderSource("nowhere", validation_fraction=0.0)
    folds = []

    def noting(source):
        folds.append(source.fold)
        return made.load()

    original, FolderSource.load = FolderSource.load, noting
    try:
        JoinedSources({"held": held, "whole": whole, "made": made}, fold=3).load()
    finally:
        FolderSource.load = original
    assert folds == [3, None]


def test_repeated_crops_stand_so_often_in_an_epoch_and_once_in_the_store(tmp_path):
    for number in range(6):
        Image.new("RGB", (8, 8), (40 * number, 0, 0)).save(tmp_path / f"{number}.jpg")

    class Pictures(Made):
        def load(self):
            made = super().load()
            files = [str(tmp_path / file) for file in made.training.files]
            table = CropTable.whole_pictures(files, made.training.labels.tolist(), [""] * self.crops)
            return SourceData(self.products, table, [])

    source = JoinedSources({"a": Pictures(["x", "y"], 2), "b": Pictures(["x", "y"], 6)}, repeat={"a": 3})
    datamodule = CropDataModule(source, CropResize(image_size=8), batch_size=5, cache_dir=str(tmp_path / "cache"))
    datamodule.setup()
    drawn = np.concatenate([batch["index"].numpy() for batch in datamodule.train_dataloader()])
    assert np.bincount(drawn).tolist() == [3, 3, 1, 1, 1, 1, 1, 1]
    assert len(datamodule.training) == 8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sources": {}}, r"data\.sources is empty; add one: \+data@data\.sources"),
        ({"repeat": {"other": 2}}, "data.repeat names 'other', which is none of the sources shop"),
        ({"repeat": {"shop": 0}}, r"data\.repeat\.shop must be a whole number above 0, got 0"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        JoinedSources(**{"sources": {"shop": Made(["tea", "cola"])}, **options})


def test_the_source_at_fault_is_named():
    with pytest.raises(FileNotFoundError, match="source shop: there is no folder nowhere"):
        JoinedSources({"shop": FolderSource("nowhere")}).load()


def test_a_source_without_its_folder_ends_in_one_line(config, tmp_path, capsys):
    with pytest.raises(SystemExit):
        explain_mistakes(train)(config("data=joined", f"data_dir={tmp_path}"))
    assert f"error: source detergents: there is no folder {tmp_path}/detergents/train; give" in capsys.readouterr().err


def test_sources_are_left_out_and_added_and_each_is_measured(config, tmp_path):
    for number in range(20):
        folder = tmp_path / "crops" / "abcd"[number % 4]
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (60 * (number % 4), 10 * number, 0)).save(folder / f"{number}.png")
    names = ("detergents", "cornershop", "grozi120")
    train(
        config(
            "data=joined",
            *(f"~data.sources.{name}" for name in names),
            "+data@data.sources.one=synthetic_small",
            "+data@data.sources.two=folder",
            f"data.sources.two.root={tmp_path}/crops",
            "data.fold=0",
            "+data.repeat.two=2",
            "trainer.limit_train_batches=2",
        )
    )
    measures = json.loads((tmp_path / "run/result.json").read_text())["measures"]
    # Two rendered shelves, and the held-out crops of the folder as one pile.
    mean = (2 * measures["grouping_one_all/ari"] + measures["grouping_two_all/ari"]) / 3
    assert measures["grouping_all/ari"] == pytest.approx(mean, abs=1e-6)
