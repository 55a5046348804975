"""The audit from the command line's functions."""

import html
import json

import numpy as np
import pytest
import yaml
from PIL import Image, ImageDraw
from support import compose_config, real_data

from datamodules.sources.folder import FolderSource
from scripts import audit
from scripts.auditing.proposal import write_label_map

# Names as people give them.
TWIN = 'it\'s a "twin", 5 %: #0'
COLOURS = [(200, 30, 30), (30, 160, 60), (40, 60, 200), (220, 200, 40), (150, 50, 180)]


def file_name(label, photo, crop):
    return f'photo{photo}--crop {crop} of "{label}", it\'s.png'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Five products on six photos; "twin" holds copies of class 0, one crop of class 1 lies in class 2."""
    root, generator = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for label, colour in enumerate(COLOURS):
        for photo in range(6):
            for crop in range(3):
                picture = Image.new("RGB", (48, 72), tuple(int(v * generator.uniform(0.8, 1)) for v in colour))
                x, y = generator.integers(7, 10, 2)
                ImageDraw.Draw(picture).ellipse((x, y, x + 12 + 4 * label, y + 40 - 4 * label), fill="white")
                noise = generator.integers(-4, 4, (72, 48, 3))
                named = 2 if (label, photo, crop) == (1, 0, 0) else label
                path = root / f"class{named}" / file_name(label, photo, crop)
                path.parent.mkdir(exist_ok=True)
                pixels = np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(path)
    (root / TWIN).mkdir()
    for path in (root / "class0").iterdir():
        (root / TWIN / path.name).write_bytes(path.read_bytes())
    return root


def run(folder, tmp_path, *overrides):
    fixed = ["data=folder", f"data.root={folder}", f"cache_dir={tmp_path}/cache", f"output_dir={tmp_path}/out"]
    audit.main.__wrapped__(compose_config([*fixed, *overrides], name="audit"))
    return json.loads((tmp_path / "out/audit.json").read_text())


@pytest.fixture
def pattern():
    return "data.photo_pattern='^(.+?)--'"


def test_findings_page_and_a_label_map_to_train_with_are_written(folder, tmp_path, pattern, capsys):
    record = run(folder, tmp_path, pattern)
    assert record["crops"] == 5 * 18 + 18
    assert record["distinct_images"] == 90
    assert record["photos"] == 6
    assert [(item["classes"], item["confident"]) for item in record["duplicated_classes"]] == [(["class0", TWIN], True)]
    assert record["mislabelled_crops"][0]["crop"] == f"class2/{file_name(1, 0, 0)}"
    assert record["mislabelled_crops"][0]["proposed"] == "class1"
    assert len(record["copies_across_classes"]) == 18
    told = capsys.readouterr().out
    assert "1 confident + 0 possible duplicated classes" in told
    assert f"{tmp_path}/out/label_map.yaml" in told
    page = (tmp_path / "out/audit.html").read_text()
    assert page.count("data:image/jpeg;base64,") >= 3
    assert f"class0 = {TWIN}" in html.unescape(page)
    assert "://" not in page
    source = FolderSource(str(folder), validation_fraction=0.0, label_map=str(tmp_path / "out/label_map.yaml"))
    collection = source.load()
    assert collection.products == [f"class{label}" for label in range(5)]
    assert not any(str(file).endswith(f"class2/{file_name(1, 0, 0)}") for file in collection.training.files)


def test_proposals_become_active_when_the_mark_is_removed(tmp_path):
    pair = {"score": 0.6, "separability": 0.6, "shared_images": 0.0}
    record = {
        "duplicated_classes": [
            {"classes": ["a", "b"], "confident": True, **pair},
            {"classes": ["b", 'say "c"'], "confident": True, **pair},
            {"classes": ["d", "e"], "confident": False, **pair, "separability": None},
        ],
        "mixed_classes": [{"class": "010", "confident": False, "score": 0.9, "separation": 0.9, "gap": 1.0}],
        "mislabelled_crops": [{"crop": "a/1#2.png", "proposed": "b", "confident": False, "score": 0.8}],
    }
    path = tmp_path / "label_map.yaml"
    write_label_map(record, path)
    content = yaml.safe_load(path.read_text())
    assert content == {"merge": {"a": ["a", "b", 'say "c"']}, "drop_classes": None, "drop_crops": None}
    path.write_text(path.read_text().replace("  # ", "  "))
    content = yaml.safe_load(path.read_text().replace("  score", "  # score").replace("  b, score", "  # b, score"))
    assert content["merge"]["d"] == ["d", "e"]
    assert content["drop_classes"] == ["010"]
    assert content["drop_crops"] == ["a/1#2.png"]


def test_a_checkpoint_describes_the_crops(trained, folder, tmp_path, pattern):
    checkpoint = trained / "checkpoints/best.ckpt"
    record = run(folder, tmp_path, pattern, f"checkpoint={checkpoint}")
    assert any("best.ckpt" in name for name in record["features_tried"])
    assert {"classes": ["class0", TWIN], "confident": True}.items() <= record["duplicated_classes"][0].items()


def test_injected_label_noise_is_scored(tmp_path, cache_dir, capsys):
    overrides = ["data=synthetic_small", f"cache_dir={cache_dir}", f"output_dir={tmp_path}/out"]
    injected = ["data.corrupt.duplicate=0.2", "data.corrupt.mislabel=0.05"]
    audit.main.__wrapped__(compose_config([*overrides, *injected], name="audit"))
    told = capsys.readouterr().out
    assert "note: label noise is injected" in told
    assert "duplicate  injected" in told
    record = json.loads((tmp_path / "out/audit.json").read_text())
    assert [item["kind"] for item in record["agreement_with_truth"]] == ["duplicate", "mix", "mislabel"]
    assert record["agreement_with_truth"][2]["injected"] > 0


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("checkpoint=nothing.ckpt", "there is no checkpoint nothing.ckpt"),
        ("truth=nothing.json", "truth: there is no file nothing.json"),
        ("weights_dir=nowhere", "nowhere"),
        ("data.label_map=nothing.yaml", "there is no file nothing.yaml"),
        ("data.root=nowhere", "there is no folder nowhere"),
    ],
)
def test_mistakes_end_in_one_line(folder, tmp_path, capsys, override, message):
    with pytest.raises(SystemExit):
        run(folder, tmp_path, override)
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def few_detergents(root, folder):
    """Link the classes with findings, copies of their crops, and other crops of every twelfth photo, for time."""
    whole = {"SI8OGC7FoM", "SI9OGT7FoM", "vbbzecbQgV", "vddz3cbOgV", "MrlIsXerE3D"}
    copied = {file.read_bytes() for name in whole for file in (root / "train" / name).iterdir()}
    for path in sorted((root / "train").iterdir()):
        files = sorted(path.iterdir())
        photos = sorted({file.name.partition("--")[0] for file in files})
        kept = photos if path.name in whole else photos[::12]
        (folder / "few/train" / path.name).mkdir(parents=True)
        for file in files:
            if file.name.partition("--")[0] in kept or file.read_bytes() in copied:
                (folder / "few/train" / path.name / file.name).symlink_to(file)
    for name in ("shelf.jpeg", "shelf.json"):
        (folder / "few" / name).symlink_to(root / name)
    return folder / "few"


@pytest.mark.real_data
def test_the_detergents_hold_two_twins_and_a_mixture(tmp_path):
    overrides = [
        "data=detergents",
        f"data.root={few_detergents(real_data('DETERGENTS'), tmp_path)}",
        f"cache_dir={tmp_path}/cache",
        f"output_dir={tmp_path}/out",
    ]
    audit.main.__wrapped__(compose_config(overrides, name="audit"))
    record = json.loads((tmp_path / "out/audit.json").read_text())
    twins = {frozenset(item["classes"]) for item in record["duplicated_classes"] if item["confident"]}
    assert twins == {frozenset({"SI8OGC7FoM", "SI9OGT7FoM"}), frozenset({"vbbzecbQgV", "vddz3cbOgV"})}
    assert [item["class"] for item in record["mixed_classes"] if item["confident"]] == ["MrlIsXerE3D"]


def test_several_sources_at_once_are_refused(tmp_path, capsys):
    names = ("detergents", "cornershop", "grozi120")
    overrides = ["data=joined", *(f"data.sources.{name}.root=somewhere" for name in names)]
    with pytest.raises(SystemExit):
        audit.main.__wrapped__(compose_config([*overrides, f"output_dir={tmp_path}"], name="audit"))
    assert "several sources cannot be audited at once" in capsys.readouterr().err
