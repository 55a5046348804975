from pathlib import Path

import pytest
from PIL import Image

from datamodules.pictures import is_picture, pictures_below
from datamodules.sources.folder import FolderSource


@pytest.fixture
def root(tmp_path):
    """Two products of two pictures each."""
    for number, name in enumerate(("cola/a.jpg", "cola/b.jpg", "tea/a.jpg", "tea/b.jpg")):
        add(tmp_path / "data" / name, number)
    return tmp_path / "data"


def add(path, number=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (4 + number, 4)).save(path)


def names(folder):
    return [path.relative_to(folder).as_posix() for path in pictures_below(folder).files]


def test_hidden_files_and_others_are_no_pictures():
    files = ["a.JPG", "b.png", "c.heic", "d.jfif", "e.avif", ".hidden.jpg", "notes.txt", "Thumbs.db"]
    assert [is_picture(Path(file)) for file in files] == [True] * 5 + [False] * 3


@pytest.mark.parametrize("hidden", [".ipynb_checkpoints", ".git", "@eaDir", "__MACOSX", ".Trash-1000", "tea/.cache"])
def test_hidden_folders_are_no_products_and_are_named(root, hidden):
    add(root / hidden / "a.jpg")
    (note,) = FolderSource(str(root), validation_fraction=0).load().warnings
    assert note == f"{root}: took 4 pictures; skipped 1 hidden folders ({hidden})"
    assert FolderSource(str(root), validation_fraction=0).load().products == ["cola", "tea"]


def test_linked_folders_are_followed_once_and_without_loops(root, tmp_path):
    add(tmp_path / "elsewhere/water/a.jpg")
    (root / "water").symlink_to(tmp_path / "elsewhere/water")
    (root / "cola/again").symlink_to(root)
    (root / "cola/up").symlink_to(tmp_path)
    (root / "tea2").symlink_to(root / "tea")
    (root / "nowhere.jpg").symlink_to(root / "gone.jpg")
    assert names(root) == ["cola/a.jpg", "cola/b.jpg", "tea/a.jpg", "tea/b.jpg", "water/a.jpg"]
    said = pictures_below(root).describe()
    assert "1 links to nowhere (nowhere.jpg)" in said
    assert "3 links to folders that are taken already (" in said


def test_unread_formats_and_results_are_named(root):
    (root / "tea/raw.CR2").touch()
    for name in ("out/groups.json", "out/overlay.png"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
    assert pictures_below(root).describe() == (
        f"{root}: took 4 pictures; skipped 1 folders of results (out), "
        "1 files of formats that are not read; export them as JPEG (tea/raw.CR2)"
    )


def test_train_and_val_do_not_make_every_product_two(root):
    for split in ("train", "Val"):
        for product in ("cola", "tea"):
            add(root / split / product / "a.jpg")
    with pytest.raises(ValueError, match=r"2 products in several of the folders Val, train, .*crops=train"):
        FolderSource(str(root)).load()
    assert FolderSource(str(root), crops="train").load().products == ["cola", "tea"]
