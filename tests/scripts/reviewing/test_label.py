"""Labelled boxes from reviews, and a training that reads them."""

import hashlib
import json
import shutil

import numpy as np
import pytest
from support import QUICK, compose_config

from analysis.review.answers import Answer
from datamodules.box_files import read_scene
from datamodules.sources.photos import PhotosSource
from scripts import review
from scripts.reviewing.written_files import rewritten
from train import train

BOXES = [
    [20 + number % 5 * 70, 20 + number // 5 * 110, 70 + number % 5 * 70, 110 + number // 5 * 110]
    for number in range(10)
]
RED, BLUE = [0, 1, 5, 6], [2, 3, 7, 8]


def run_review(**values):
    review.main.__wrapped__(compose_config([f"{key}={value}" for key, value in values.items()], name="review"))


def named(photo, boxes):
    """Return the product of each box, empty for unknown."""
    scene = read_scene(photo, boxes, fewest_products=1)
    labels = np.full(10, -1) if scene.labels is None else scene.labels
    return [scene.products[label] if label >= 0 else "" for label in labels], scene.boxes.tolist()


def test_every_box_has_a_product_that_both_formats_keep(store, save, tmp_path, capsys):
    answers = [
        Answer("name", (0, 1), name="Tea & <co>"),
        Answer("different", (4,), (9,)),
        Answer("name", (9,), name="NaN"),
    ]
    moved = [[x1, y1 + 0.25, x2, y2] for x1, y1, x2, y2 in BOXES]
    save(*answers, name="a.json")
    save(Answer("name", (5, 0), name="tea & <CO>"), photos="b", boxes=moved, name="b.json")
    run_review(answers=tmp_path / "reviews", photos=store, output=tmp_path / "out")
    for photo, boxes, lone in (("a", BOXES, ["a product 4", "product NaN"]), ("b", moved, ["b product 4"] * 2)):
        expected = [""] * 10
        for rows, name in ((RED, "tea & <CO>"), (BLUE, f"{photo} product 2"), ([4], lone[0]), ([9], lone[1])):
            for row in rows:
                expected[row] = name
        for file in (f"{photo}.xml", "coco.json"):
            assert named(tmp_path / f"out/{photo}.png", tmp_path / "out" / file) == (expected, boxes)
        assert (tmp_path / f"out/{photo}.png").read_bytes() == (store / f"{photo}.png").read_bytes()
    printed = capsys.readouterr()
    assert "wrote 2 photo(s) with 20 boxes of 6 products and 0 unknown ones" in printed.out
    assert "a product without a name that stands in two of them is two products here" in printed.err
    assert "'Tea & <co>' and 'tea & <CO>' are one name" in printed.err


def test_only_what_was_confirmed_is_named(store, save, tmp_path):
    answers = save(Answer("same", (0, 5)), Answer("different", (2,), (0,)), Answer("name", (4,), name="Tea"))
    run_review(answers=answers, photos=store, output=tmp_path / "out", confirmed_only=True)
    expected = ["a product 0", "", "", "", "Tea", "a product 0", "", "", "", ""]
    for file in ("a.xml", "coco.json"):
        assert named(tmp_path / "out/a.png", tmp_path / "out" / file)[0] == expected


@pytest.mark.parametrize("confirmed_only", [False, True])
def test_across_photos_a_product_has_one_name(store, save, tmp_path, confirmed_only):
    answers = save(Answer("same", (2, 12)), Answer("name", (0, 10), name="Tea"), photos="ab", across=True)
    run_review(answers=answers, photos=store, output=tmp_path / "out", confirmed_only=confirmed_only)
    names = [named(tmp_path / f"out/{photo}.png", tmp_path / "out/coco.json")[0] for photo in "ab"]
    assert names[0][0] == names[1][0] == "Tea"
    assert names[0][2] == names[1][2] == "a product 2"


def test_photos_are_found_under_other_names_and_their_own_boxes_are_safe(store, save, tmp_path, capsys):
    photos = tmp_path / "photos"
    (photos / "deep").mkdir(parents=True)
    shutil.copy(store / "a.png", photos / "deep/renamed.png")
    shutil.copy(store / "a.json", photos / "deep/renamed.xml")
    save(Answer("same", (0, 1)), name="a.json")
    save(Answer("same", (0, 1)), photos="b", name="b.json")
    for _ in range(2):
        run_review(answers=tmp_path / "reviews", photos=photos, output=photos / "labelled")
        assert files_in(photos / "labelled") == ["SHA256SUMS", "coco.json", "deep/renamed.png", "deep/renamed.xml"]
    assert "1 of 2 reviewed photos are not in" in capsys.readouterr().err
    for values, message in [
        ({"output": photos}, "is the folder of the photos, whose boxes it may overwrite"),
        ({"photos": tmp_path / "reviews", "output": "out"}, "none of the reviewed photos is in"),
        ({"output": "out", "mode": "teach"}, "mode must be one of label, learn, got 'teach'"),
    ]:
        with pytest.raises(SystemExit):
            run_review(**{"answers": tmp_path / "reviews", "photos": photos, **values})
        assert message in capsys.readouterr().err
    assert json.loads((photos / "deep/renamed.xml").read_text())


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_second_run_replaces_the_files_of_the_first_and_nothing_else(store, save, tmp_path, capsys):
    out, photos, typed = tmp_path / "out", tmp_path / "photos", {"answers": tmp_path / "reviews"}
    for name in "ab":
        (photos / name).mkdir(parents=True)
        shutil.copy(store / f"{name}.png", photos / name / f"{name}.png")
        save(Answer("same", (0, 1)), photos=name, name=f"{name}.json")
    run_review(**typed, photos=photos, output=out)
    (out / "a/mine.txt").write_text("mine")
    (out / "b/b.xml").write_text("changed by hand")
    (tmp_path / "reviews/a.json").unlink()
    with pytest.raises(SystemExit):
        run_review(**typed, photos=photos, output=out)
    assert "b/b.xml was changed since it was written and would be overwritten" in capsys.readouterr().err
    before = ["SHA256SUMS", "a/a.png", "a/a.xml", "a/mine.txt", "b/b.png", "b/b.xml", "coco.json"]
    assert files_in(out) == before
    (out / "b/b.xml").unlink()
    save(Answer("same", (0, 1)), photos="a", name="a.json")
    (photos / "a/a.png").rename(tmp_path / "a.png")
    run_review(**typed, photos=photos, output=out)
    # It may be the only copy.
    assert files_in(out) == before
    (tmp_path / "reviews/a.json").unlink()
    run_review(**typed, photos=photos, output=out)
    # The folder is no longer empty, so it stays.
    assert files_in(out) == [name for name in before if name not in ("a/a.png", "a/a.xml")]
    assert len(json.loads((out / "coco.json").read_text())["images"]) == 1
    (tmp_path / "other").mkdir()
    (tmp_path / "other/coco.json").write_text("mine")
    with pytest.raises(SystemExit):
        run_review(**typed, photos=photos, output=tmp_path / "other")
    assert "coco.json is of no earlier run" in capsys.readouterr().err
    assert files_in(tmp_path / "other") == ["coco.json"]


def test_what_a_list_names_outside_of_its_folder_stays(tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/SHA256SUMS").write_text(f"{digest}  ../mine.txt\n{digest}  {mine}\n")
    with rewritten(tmp_path / "out") as unfinished:
        (unfinished / "a.txt").write_text("a")
    assert mine.read_text() == "mine"
    assert (tmp_path / "out/SHA256SUMS").read_text() == f"{hashlib.sha256(b'a').hexdigest()}  a.txt\n"


def test_a_training_reads_them(store, save, tmp_path, cache_dir):
    answers = save(Answer("same", (2, 12)), Answer("name", (0, 10), name="Tea"), photos="ab", across=True)
    run_review(answers=answers, photos=store, output=tmp_path / "out")
    products = PhotosSource(str(tmp_path / "out")).load().products
    assert products[0] == "Tea"
    typed = ["data=photos", f"data.root={tmp_path}/out", "data.validation_fraction=0.5", f"output_dir={tmp_path}/run"]
    train(compose_config([*QUICK, *typed, f"cache_dir={cache_dir}"]))
    assert (tmp_path / "run/checkpoints/last.ckpt").is_file()
