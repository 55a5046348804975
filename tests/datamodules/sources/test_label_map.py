from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from datamodules.crops import CropTable
from datamodules.sources.folder import FolderSource
from datamodules.sources.label_map import crop_names, read_label_map

PRODUCTS = ["soap", "wax", "foam", "gel"]


@pytest.fixture
def table():
    files = [f"/data/{name}/{number}.png" for name in PRODUCTS for number in range(2)]
    return CropTable.whole_pictures(files, [0, 0, 1, 1, 2, 2, 3, 3], [""] * 8)


def written(tmp_path, content) -> Path:
    path = tmp_path / "label_map.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


def applied(tmp_path, table, content):
    return read_label_map(written(tmp_path, content)).apply(PRODUCTS, table, Path("/data"))


def test_classes_are_merged_and_dropped_and_crops_dropped(tmp_path, table):
    content = {"merge": {"soap": ["soap", "foam"]}, "drop_classes": ["wax"], "drop_crops": ["gel/1.png"]}
    products, corrected, places = applied(tmp_path, table, content)
    assert products == ["soap", "gel"]
    assert places.tolist() == [0, -1, 0, 1]
    assert corrected.labels.tolist() == [0, 0, 0, 0, 1]
    assert [Path(file).name for file in corrected.files] == ["0.png", "1.png", "0.png", "1.png", "0.png"]


def test_a_merged_class_may_get_a_new_name(tmp_path, table):
    products, corrected, _ = applied(tmp_path, table, {"merge": {"bath": ["gel", "wax"]}})
    assert products == ["soap", "bath", "foam"]
    assert corrected.labels.tolist() == [0, 0, 1, 1, 2, 2, 1, 1]


@pytest.mark.parametrize("content", ["", "merge:\ndrop_classes:\ndrop_crops:\n", "# nothing\n"])
def test_an_empty_map_changes_nothing(tmp_path, table, content):
    products, corrected, places = applied(tmp_path, table, content)
    assert products == PRODUCTS
    assert places.tolist() == [0, 1, 2, 3]
    np.testing.assert_array_equal(corrected.labels, table.labels)


def test_unknown_crops_stay_unknown(tmp_path, table):
    unknown = CropTable(table.files, table.boxes, np.full(8, -1), table.photos)
    _, corrected, _ = applied(tmp_path, unknown, {"drop_classes": ["gel"]})
    assert corrected.labels.tolist() == [-1] * 8


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"drop_classes": ["waxx"]}, r"label_map\.yaml: there is no class 'waxx' among the 4 .* did you mean 'wax'\?"),
        ({"merge": {"a": ["soap", "fome"]}}, "there is no class 'fome'"),
        ({"drop_crops": ["gel/7.png"]}, r"there is no crop 'gel/7\.png' among the 8"),
        ({"merge": {"a": ["soap", "wax"], "b": ["wax", "gel"]}}, "'wax' is merged or dropped more than once"),
        ({"merge": {"a": ["soap", "wax"]}, "drop_classes": ["wax"]}, "'wax' is merged or dropped more than once"),
        ({"merge": {"gel": ["soap", "wax"]}}, "'gel' is the name of a class that is not merged into it"),
        ({"merge": ["soap", "wax"]}, "merge must be of the form"),
        ({"merge": {"a": "soap"}}, "merge: a must be a list of names, got 'soap'"),
        ({"drop_classes": "soap"}, "drop_classes must be a list of names"),
        ({"drop": ["soap"]}, r"may hold the keys merge, drop_classes, drop_crops, got \['drop'\]"),
        ("- soap\n", "may hold the keys"),
        ("merge: [", "is not YAML"),
    ],
)
def test_mistakes_are_named(tmp_path, table, content, message):
    with pytest.raises(ValueError, match=message):
        applied(tmp_path, table, content)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"data\.label_map: there is no file .*nothing\.yaml"):
        read_label_map(tmp_path / "nothing.yaml")


def test_boxes_are_part_of_a_crops_name():
    table = CropTable(np.array(["/data/a.jpg"]), np.array([[1.2, 2, 30.6, 40]]), np.array([0]), np.array(["a"]))
    assert crop_names(table, Path("/data")) == ["a.jpg#1,2,31,40"]


def test_a_folder_is_read_through_a_label_map(tmp_path):
    for number, name in enumerate(PRODUCTS):
        (tmp_path / "crops" / name).mkdir(parents=True)
        for picture in range(3):
            Image.new("RGB", (8, 8), (40 * number, 80 * picture, 9)).save(tmp_path / "crops" / name / f"{picture}.png")
    path = written(tmp_path, {"merge": {"soap": ["soap", "wax"]}, "drop_crops": ["gel/0.png"]})
    collection = FolderSource(str(tmp_path), crops="crops", validation_fraction=0.0, label_map=str(path)).load()
    assert collection.products == ["foam", "gel", "soap"]
    assert np.bincount(collection.training.labels).tolist() == [3, 2, 6]
