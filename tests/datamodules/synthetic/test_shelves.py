from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from datamodules.synthetic import shelves
from datamodules.synthetic.shelves import product_names, read_shelves, write_shelves

TINY: dict[str, Any] = {"num_brands": 5, "num_train_photos": 4, "num_test_photos": 2, "photo_width": 320,
                        "photo_height": 240}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("shelves") / "set"
    write_shelves(place, **TINY)
    return place


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


def test_photos_have_the_size_asked_for(folder: Path) -> None:
    photos = read_shelves(folder)
    assert [photo.split for photo in photos] == ["train"] * 4 + ["test"] * 2
    for photo in photos:
        with Image.open(photo.path) as picture:
            assert picture.size == (320, 240)
            assert picture.mode == "RGB"


def test_boxes_lie_in_the_photo_and_ids_are_unique(folder: Path) -> None:
    photos = read_shelves(folder)
    for photo in photos:
        assert photo.boxes.dtype == np.float32
        assert photo.products.dtype == np.int64
        assert photo.boxes.shape == (len(photo.ids), 4) == (len(photo.products), 4)
        assert len(photo.ids) > 10
        assert (photo.boxes >= 0).all()
        assert (photo.boxes <= (320, 240, 320, 240)).all()
        assert (photo.boxes[:, 2:] - photo.boxes[:, :2] > 1).all()
    ids = [name for photo in photos for name in photo.ids]
    assert len(set(ids)) == len(ids)


def test_unseen_products_are_in_test_photos_only_beside_seen_ones(folder: Path) -> None:
    photos = read_shelves(folder)
    shown = {split: {int(p) for photo in photos if photo.split == split for p in photo.products}
             for split in ("train", "test")}  # fmt: skip
    assert shown["test"] - shown["train"]
    assert shown["test"] & shown["train"]
    assert max(shown["train"] | shown["test"]) < len(product_names(folder))


def test_same_seed_same_bytes_other_seed_other_bytes(folder: Path, tmp_path: Path) -> None:
    few = {**TINY, "num_train_photos": 1, "num_test_photos": 1}
    for name, seed in (("first", 0), ("again", 0), ("other", 1)):
        write_shelves(tmp_path / name, seed=seed, **few)
    assert contents(tmp_path / "first") == contents(tmp_path / "again")
    assert contents(tmp_path / "first") != contents(tmp_path / "other")


def test_a_worker_process_renders_the_same(folder: Path, tmp_path: Path) -> None:
    parameters = shelves._Parameters(seed=0, unseen_fraction=0.3, **TINY)
    (tmp_path / "train").mkdir()
    job = shelves._jobs(tmp_path, parameters)[0]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        entry = pool.submit(shelves._render, job).result()
    assert (tmp_path / entry["file"]).read_bytes() == (folder / entry["file"]).read_bytes()


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(photos: list[dict[str, Any]]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shelves, "_number", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_shelves(tmp_path / "set", **{**TINY, "num_train_photos": 1, "num_test_photos": 1})
    assert list(tmp_path.iterdir()) == []


def test_a_complete_folder_is_left_as_it_is(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    write_shelves(folder, **TINY)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_other_shelves_or_other_files_are_not_overwritten(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError, match="holds shelves made with"):
        write_shelves(folder, seed=9, **TINY)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="holds no shelves"):
        write_shelves(tmp_path, **TINY)
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "value"),
    [("seed", -1), ("num_brands", 1), ("num_train_photos", 0), ("num_test_photos", 0), ("unseen_fraction", 0.9),
     ("photo_width", 50), ("photo_height", 50), ("workers", 0)],
)  # fmt: skip
def test_bad_arguments_are_named(tmp_path: Path, name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} must be .* got {value}"):
        write_shelves(tmp_path / "set", **{**TINY, name: value})
    assert list(tmp_path.iterdir()) == []
