import json
import shutil
import unicodedata

import numpy as np
import pytest
from PIL import Image

from datamodules.sources.folder import FolderSource

PATTERN = "^(.+?)--"


def save_picture(path, seed):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (12, 8, 3), dtype=np.uint8)).save(path)


@pytest.fixture
def root(tmp_path):
    """Three nested classes on ten photos of three crops each, and one crop of unknown photo per class."""
    seed = 0
    for name in ("soap/lemon", "soap/rose", "wax"):
        for photo in range(10):
            for crop in range(3):
                seed += 1
                save_picture(tmp_path / "crops" / name / f"photo{photo}--{crop}.png", seed)
        seed += 1
        save_picture(tmp_path / "crops" / name / "unknown.png", seed)
    return tmp_path / "crops"


def source(root, **options):
    return FolderSource(str(root), **{"photo_pattern": PATTERN, "scene_min_crops": 3, **options})


def test_nested_folders_are_products(root):
    collection = source(root).load()
    assert collection.products == ["soap/lemon", "soap/rose", "wax"]
    assert len(collection.training) + sum(len(scene) for scene in collection.scenes) == 93


def test_photos_are_regrouped_as_scenes_and_not_trained_on(root):
    collection = source(root).load()
    assert len(collection.scenes) == 2
    assert {len(scene) for scene in collection.scenes} == {9}
    assert not {scene.name for scene in collection.scenes} & set(collection.training.photos)
    assert (collection.training.photos == "").sum() == 3


def test_copies_stay_on_one_side_and_count_once(root):
    scene = source(root).load().scenes[0]
    shutil.copy(scene.files[0], root / "wax" / "other--copy.png")
    collection = source(root).load()
    copies = {str(scene.files[0]), str(root / "wax" / "other--copy.png")}
    inside = copies & set(collection.training.files)
    held = [file for scene in collection.scenes for file in map(str, scene.files) if file in copies]
    held += [file for file in collection.unplaced_crops.files if file in copies]
    assert len(inside) in (0, 2)
    assert len(held) == (0 if inside else 1)
    assert bool(collection.warnings) == (not inside)


def test_small_photos_are_unplaced_and_no_scene_means_one_pile(root):
    assert len(source(root, scene_min_crops=99).load().scenes) == 1
    pile = source(root, photo_pattern=None).load()
    assert [scene.name for scene in pile.scenes] == ["validation crops"]
    assert pile.scenes[0].labels is not None


def test_unseen_products_are_validated_but_not_trained(root):
    collection = source(root, unseen_fraction=0.34).load()
    trained = set(collection.training.labels.tolist())
    validated = {int(label) for scene in collection.scenes for label in scene.labels}
    assert len(trained) == 2
    assert validated == {0, 1, 2}


def test_every_photo_is_held_out_by_one_fold(root):
    held = [{scene.name for scene in source(root, folds=5, fold=fold).load().scenes} for fold in range(5)]
    assert [len(names) for names in held] == [2] * 5
    assert len(set.union(*held)) == 10


def test_twins_are_unseen_together(root):
    for crop in range(3):
        shutil.copy(root / f"wax/photo0--{crop}.png", root / f"soap/rose/photo0--{crop}.png")
    collections = [source(root, unseen_folds=2, unseen_fold=fold, fold=0).load() for fold in range(2)]
    assert sorted(sorted(set(collection.training.labels.tolist())) for collection in collections) == [[0], [1, 2]]


def test_crops_of_a_video_are_held_out_in_stretches_of_their_order(root):
    collection = source(root, photo_pattern=None, by_order=True, fold=4).load()
    held = [file.name for scene in collection.scenes for file in scene.files if file.parent.name == "wax"]
    files = sorted((path.name for path in (root / "wax").iterdir()), key=lambda name: name.replace("unknown", "z"))
    assert sorted(held) == sorted(files[-6:])
    with pytest.raises(ValueError, match=r"leave out data\.photo_pattern"):
        source(root, by_order=True)


def test_a_shelf_photo_is_grouped_too(root):
    save_picture(root / "shelf.png", 999)
    (root / "shelf.json").write_text(json.dumps({"a": {"x1": 0, "y1": 0, "x2": 4, "y2": 5}}))
    collection = source(root, photo="shelf.png", boxes="shelf.json").load()
    assert collection.scenes[-1].labels is None
    assert collection.scenes[-1].ids == ("a",)


def test_empty_folders_are_skipped_by_name(root):
    (root / "nothing").mkdir()
    assert any("1 folders without pictures (nothing)" in note for note in source(root).load().warnings)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"photo_pattern": "^(.+)@@"}, "matches no file"),
        ({"photo_pattern": "^.+--"}, "needs a group in parentheses"),
        ({"photo_pattern": "("}, "not a regular expression"),
        ({"unseen_fraction": 2}, "unseen_fraction"),
        ({"validation_fraction": 2}, "validation_fraction"),
        ({"photo": "a.jpg"}, "go together"),
    ],
)
def test_wrong_options_are_named(root, options, message):
    with pytest.raises(ValueError, match=message):
        source(root, **options).load()


def test_missing_and_single_class_folders_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere; give the data set's folder with data\.root=PATH"):
        FolderSource(str(tmp_path / "nowhere")).load()
    save_picture(tmp_path / "one" / "a.png", 0)
    with pytest.raises(ValueError, match="needs at least 2 folders with pictures, one per product; found 1"):
        FolderSource(str(tmp_path)).load()


@pytest.mark.real_data
def test_the_detergents_have_their_known_sizes(detergents):
    collection = FolderSource(str(detergents), crops="train", photo_pattern=PATTERN).load()
    assert len(collection.products) == 27
    held_out = sum(len(scene) for scene in collection.scenes) + len(collection.unplaced_crops)
    assert 0.1 < held_out / len(collection.training) < 0.3
    assert (collection.training.photos == "").sum() == 2809


def test_folders_that_differ_in_unicode_form_alone_are_one_product(tmp_path):
    for form, seeds in (("NFC", (1, 2)), ("NFD", (3,))):
        folder = tmp_path / unicodedata.normalize(form, "비누")
        folder.mkdir()
        for seed in seeds:
            save_picture(folder / f"{seed}.png", seed)
    (tmp_path / "tea").mkdir()
    save_picture(tmp_path / "tea/4.png", 4)
    data = FolderSource(str(tmp_path), validation_fraction=0.0).load()
    assert data.products == ["tea", "비누"]
    assert sorted(data.training.labels.tolist()) == [0, 1, 1, 1]
