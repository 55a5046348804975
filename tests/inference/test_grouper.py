"""The public door: photos and boxes in every form, and what is said where they are wrong."""

import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image
from support import ROOT
from two_coloured_shelf import BOXES, PRODUCTS, write_two_coloured_shelf

from inference import Grouper, Groups
from inference.checkpoint import Checkpoint
from inference.inputs import to_picture
from inference.shipped_checkpoint import SHIPPED


@pytest.fixture(scope="module")
def grouper():
    return Grouper.load()


@pytest.fixture
def shelf(tmp_path):
    """A picture of plain packages in two colours, and its boxes with labels, in a folder."""
    write_two_coloured_shelf(tmp_path)
    return tmp_path / "shelf.png"


def test_photo_and_boxes_may_come_in_every_form(grouper, shelf):
    pixels = np.asarray(Image.open(shelf))
    forms = [
        grouper.group(shelf),
        grouper.group(str(shelf), str(shelf.with_suffix(".csv"))),
        grouper.group(shelf, shelf.parent),
        grouper.group(shelf, BOXES),
        grouper.group(Image.open(shelf), BOXES.tolist()),
        grouper.group(Image.open(shelf), shelf.with_suffix(".csv")),
        grouper.group(pixels, BOXES.astype(np.int64)),
        grouper.group(pixels, torch.from_numpy(BOXES).numpy()),
    ]
    for groups in forms:
        np.testing.assert_array_equal(groups.labels, forms[0].labels)
        np.testing.assert_allclose(groups.confidence, forms[0].confidence)
        np.testing.assert_array_equal(np.asarray(groups.photo), pixels)
        assert groups.score(PRODUCTS)["ari"] == 1
        assert groups.scene.boxes.dtype == np.float32
    assert (len(forms[0]), forms[0].num_clusters) == (10, 2)
    assert forms[0].score() == pytest.approx(forms[0].score(PRODUCTS), nan_ok=True)


def test_one_box_is_a_detection_alone(grouper, shelf):
    groups = grouper.group(shelf, BOXES[:1])
    assert groups.labels.tolist() == [-1]
    assert groups.congregations == []
    assert len(groups.to_frame()) == 1
    assert groups.draw().size[0] > 300


def test_a_photo_on_its_side_is_turned(grouper, shelf):
    picture = Image.open(shelf)
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.rotate(90, expand=True).save(shelf.with_name("side.png"), exif=exif)
    turned = Image.open(shelf.with_name("side.png"))
    for photo in (shelf.with_name("side.png"), turned):
        groups = grouper.group(photo, BOXES)
        assert groups.photo.size == (400, 240)
        assert groups.score(PRODUCTS)["ari"] == 1


def test_the_table_has_a_row_per_detection(grouper, shelf):
    groups = grouper.group(shelf)
    frame = groups.to_frame()
    columns = ["id", "x1", "y1", "x2", "y2", "cluster", "congregation", "row", "pass", "confidence"]
    assert frame.columns.tolist() == columns
    np.testing.assert_array_equal(frame[["x1", "y1", "x2", "y2"]], BOXES)
    assert frame.cluster.tolist() == groups.labels.tolist()
    for number, congregation in enumerate(groups.congregations):
        assert frame.index[frame.congregation == number].tolist() == sorted(congregation.members)


def test_the_drawing_shows_the_photo_and_changes_where_groups_are(grouper, shelf):
    drawn = grouper.group(shelf).draw(max_side=800)
    assert drawn.mode == "RGB"
    assert max(drawn.size) < 1400
    assert len(np.unique(np.asarray(drawn).reshape(-1, 3), axis=0)) > 20


def test_many_photos_share_their_numbers(grouper, shelf, tmp_path):
    again = tmp_path / "again.png"
    Image.open(shelf).save(again)
    again.with_suffix(".csv").write_text(shelf.with_suffix(".csv").read_text())
    together = grouper.group_photos(tmp_path)
    assert [groups.scene.name for groups in together] == ["again", "shelf"]
    np.testing.assert_array_equal(together[0].labels, together[1].labels)
    alone = grouper.group_photos([shelf, Image.open(again)], [BOXES, BOXES[:2]], across_photos=False)
    assert [len(groups) for groups in alone] == [10, 2]
    assert all(isinstance(groups, Groups) for groups in alone)
    np.testing.assert_array_equal(alone[0].labels, grouper.group(shelf).labels)


def test_a_photo_that_fails_is_noted_where_that_is_asked_for(grouper, shelf, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    failures: list[str] = []
    assert len(grouper.group_photos(tmp_path, failures=failures)) == 1
    assert "broken.png" in failures[0]
    with pytest.raises((ValueError, FileNotFoundError), match=r"broken"):
        grouper.group_photos(tmp_path)
    assert grouper.group_photos([tmp_path / "none.png"], failures=failures) == []


def test_crops_are_embedded_alike_in_every_form(grouper, shelf, tmp_path):
    folder, photo = tmp_path / "crops", Image.open(shelf)
    folder.mkdir()
    crops = [photo.crop(tuple(box.astype(int))) for box in BOXES]
    for number, crop in enumerate(crops):
        crop.save(folder / f"{number}.png")
    files = sorted(folder.iterdir())
    forms = [
        grouper.embed(crops),
        grouper.embed(files),
        grouper.embed([*map(np.asarray, crops)]),
        grouper.embed(folder),
    ]
    assert forms[0].dtype == np.float32
    for rows in forms:
        np.testing.assert_allclose(rows, forms[0], atol=1e-6)
    assert grouper.embed([]).shape[0] == 0
    assert forms[0][0] @ forms[0][1] > forms[0][0] @ forms[0][2]


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        (BOXES[:, :3], r"boxes must be an array \(n, 4\).*got \(10, 3\)"),
        (np.zeros((0, 4)), r"n at least 1, got \(0, 4\)"),
        (BOXES[0], r"got \(4,\)"),
        (BOXES + 1000, "10 of 10 boxes lie outside of"),
        (BOXES[:, [2, 1, 0, 3]], "have no area"),
        (np.full((2, 4), np.nan), "have no area"),
        (BOXES / 1000, "cannot be right: all of them lie within"),
        (None, "boxes must be given with a photo in memory"),
        ("nowhere.json", "nowhere.json"),
    ],
)
def test_wrong_boxes_are_named(grouper, shelf, boxes, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        grouper.group(Image.open(shelf), boxes)


@pytest.mark.parametrize(
    ("photo", "message"),
    [
        ("nowhere.jpg", "nowhere.jpg"),
        (np.zeros((5, 5, 4), np.uint8), r"got uint8 of shape \(5, 5, 4\)"),
        (np.zeros((5, 5, 3), np.float32), "got float32"),
        (np.zeros((0, 5, 3), np.uint8), "must have pixels"),
        (5, "a picture must be a file, a PIL image or an array"),
    ],
)
def test_wrong_photos_are_named(grouper, photo, message):
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        grouper.group(photo, BOXES)


def test_other_numbers_of_boxes_and_of_products_are_refused(grouper, shelf):
    with pytest.raises(ValueError, match="boxes must be one of each photo, got 1 of 2 photos"):
        grouper.group_photos([shelf, shelf], [BOXES])
    groups = grouper.group(shelf, BOXES)
    with pytest.raises(ValueError, match=r"one per detection, \(10,\), got \(9,\)"):
        groups.score(PRODUCTS[:9])
    with pytest.raises(ValueError, match="name no products: give products"):
        groups.score()


def test_unknown_products_count_each_for_itself(grouper, shelf):
    groups = grouper.group(shelf, BOXES)
    names = ["", *PRODUCTS[1:]]
    numbers = [-1, *(int(name == "red") for name in PRODUCTS[1:])]
    assert groups.score(names) == groups.score(numbers)
    assert groups.score(names)["num_products"] == 3


def test_grey_pictures_become_rgb():
    assert to_picture(np.zeros((4, 6), np.uint8)).size == (6, 4)
    assert to_picture(Image.new("L", (6, 4))).mode == "RGB"


def test_a_checkpoint_of_the_first_format_groups_as_today(grouper, shelf, tmp_path):
    content = torch.load(SHIPPED, weights_only=True)
    plain = content["recipe"]
    transform = {
        **{key: plain["preprocessing"][key] for key in ("brightness", "contrast", "shift", "random_erasing")},
        **{key: plain["resize"][key] for key in ("image_size", "shape")},
        "_target_": "datamodules.transforms.CropTransform",
        "normalization": "imagenet",
        "illumination": "none",
    }
    former = {key: plain[key] for key in ("backbone", "metric", "clustering", "aggregation")}
    former["clustering"] = former["clustering"] | {"linkage": "average"}
    weights = {k.replace("preprocessing.", "transform."): v for k, v in content["state_dict"].items()}
    old = {"recipe": {**former, "transform": transform, "overrides": ["+experiment=a", "~b", "seed=3"]}}
    torch.save(old | {"state_dict": weights}, tmp_path / "old.ckpt")
    np.testing.assert_array_equal(Grouper.load(tmp_path / "old.ckpt").group(shelf).labels, grouper.group(shelf).labels)
    recipe = Checkpoint.read(tmp_path / "old.ckpt").recipe
    assert (recipe.configuration, recipe.overrides) == (None, {"+experiment": "a", "~b": "", "seed": "3"})


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"_target_": "os.system", "command": "true"}, "os.system"),
        ({"_target_": ["CosineMetric"]}, "not a part of this project"),
        ({"_target_": "CosineMetric", "size_weight": {"_target_": "os.system"}}, "more than plain values"),
        ({"_target_": "CosineMetric", "size_weight": [{"_target_": "os.system"}]}, "more than plain values"),
        ({"_target_": "CosineMetric", "size_weight": "${oc.env:HOME}"}, r"recipe\.metric\.size_weight"),
        ({"_target_": "CosineMetric", "unknown": 1}, "does not fit"),
        ({"_target_": "CosineMetric.__init__.__globals__"}, "not a part of this project"),
        ({}, "not a part of this project"),
    ],
)
def test_a_strangers_parts_are_refused(tmp_path, part, message):
    content = torch.load(SHIPPED, weights_only=True)
    content["recipe"]["metric"] = part
    torch.save(content, tmp_path / "a.ckpt")
    with pytest.raises(ValueError, match=message):
        Grouper.load(tmp_path / "a.ckpt")


@pytest.mark.parametrize("part", ["clustering", "aggregation"])
def test_an_unknown_option_of_a_clustering_is_named_too(tmp_path, part):
    content = torch.load(SHIPPED, weights_only=True)
    content["recipe"][part]["unknown"] = 1
    torch.save(content, tmp_path / "a.ckpt")
    with pytest.raises(ValueError, match="does not fit"):
        Grouper.load(tmp_path / "a.ckpt")


def test_the_public_door_knows_neither_hydra_nor_lightning():
    code = "import sys; from inference import Grouper; Grouper.load(); print(list(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"hydra", "omegaconf", "pytorch_lightning"} & set(json.loads(done.stdout.replace("'", '"')))
