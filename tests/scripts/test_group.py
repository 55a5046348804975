"""Grouping a photo from the command line's functions."""

import json
import re
import shutil
import subprocess
import sys
from urllib.parse import unquote

import numpy as np
import pytest
import torch
from hydra.utils import instantiate
from PIL import Image
from sklearn.metrics import adjusted_rand_score
from support import ROOT, compose_config, real_data

from analysis.labels import as_singletons
from analysis.measures.grouping import mean_measures
from datamodules.box_files import read_scene
from datamodules.pictures import read_picture
from inference.checkpoint import Checkpoint
from inference.grouper import Grouper
from inference.inputs import PhotoInput
from scripts import convert_report, group
from scripts.group_output.files import write_groups
from scripts.group_output.many import photo_files
from scripts.group_output.record import as_record


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A picture with two rows of plain packages, two colours, and its boxes."""
    folder = tmp_path_factory.mktemp("shelf")
    photo = np.full((240, 400, 3), 90, dtype=np.uint8)
    boxes = {}
    for number in range(10):
        x, y = 20 + number % 5 * 70, 20 + number // 5 * 110
        photo[y : y + 90, x : x + 50] = (220, 40, 40) if number % 5 < 2 else (30, 60, 200)
        boxes[f"item{number}"] = {"x1": x, "y1": y, "x2": x + 50, "y2": y + 90}
    Image.fromarray(photo).save(folder / "shelf.png")
    (folder / "shelf.json").write_text(json.dumps(boxes))
    return folder


@pytest.fixture
def checkpoint(trained):
    return trained / "checkpoints/best.ckpt"


def test_the_command_writes_what_it_found(checkpoint, shelf, tmp_path, capsys):
    overrides = [f"checkpoint={checkpoint}", f"photo={shelf}/shelf.png", f"boxes={shelf}/shelf.json"]
    group.main.__wrapped__(compose_config([*overrides, f"output_dir={tmp_path}/out"], name="group"))
    assert "shelf" in capsys.readouterr().out
    assert "<svg" in (tmp_path / "out/index.html").read_text()
    record = json.loads((tmp_path / "out/groups.json").read_text())
    assert record["photo"] == {"file": "shelf.png", "width": 400, "height": 240}
    assert [detection["id"] for detection in record["detections"]] == [f"item{number}" for number in range(10)]
    listed = sorted(name for congregation in record["congregations"] for name in congregation["detections"])
    assert listed == sorted(item["id"] for item in record["detections"] if item["cluster"] >= 0)
    assert sum(cluster["size"] for cluster in record["clusters"]) == len(listed)
    assert (tmp_path / "out/groups.csv").read_text().count("\n") == 11
    assert [detection["row"] for detection in record["detections"]] == [1] * 5 + [2] * 5
    assert [cluster["shelf"]["facings"] for cluster in record["clusters"]] == [c["size"] for c in record["clusters"]]
    shares = [line.split(",") for line in (tmp_path / "out/shelf.csv").read_text().splitlines()[1:]]
    assert sum(float(share) for *_, row, _, _, share in shares if row == "all") == pytest.approx(1, abs=1e-3)
    assert read_picture(tmp_path / "out/overlay.png").size[0] > 300


def group_one(grouper, scene):
    photo = PhotoInput(scene)
    return grouper.group_embedded([photo], [grouper.embed_photo(photo)])[0]


def test_training_and_the_command_give_one_photo_the_same_measures(config, trained):
    logged = json.loads((trained / "result.json").read_text())["measures"]
    datamodule = instantiate(config().datamodule)
    datamodule.setup()
    grouper = Grouper.load(trained / "checkpoints/last.ckpt")
    measures = [group_one(grouper, scene).measures() for scene in datamodule.scenes]
    assert mean_measures(measures)["ari"] == pytest.approx(logged["grouping_all/ari"], abs=1e-6)


@pytest.fixture
def folder(shelf, tmp_path):
    """Three photos with boxes in three formats, of which the CSV carries labels, and one photo without boxes."""
    content = json.loads((shelf / "shelf.json").read_text())
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a", "b", "c"):
        shutil.copy(shelf / "shelf.png", folder / f"{name}.png")
    shutil.copy(shelf / "shelf.json", folder / "a.json")
    lines = [
        f"{name},{box['x1']},{box['y1']},{box['x2']},{box['y2']},{'red' if int(name[4:]) % 5 < 2 else 'blue'}"
        for name, box in content.items()
    ]
    (folder / "b.csv").write_text("\n".join(["id,x1,y1,x2,y2,label", *lines]))
    return folder


def run_group(**values):
    group.main.__wrapped__(compose_config([f"{key}={value}" for key, value in values.items()], name="group"))


def test_many_photos_go_on_after_a_failure_and_end_with_code_one(checkpoint, folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        run_group(checkpoint=checkpoint, photos=folder, output_dir=tmp_path / "out", save_crops=True)
    assert stopped.value.code == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "failed" in printed
    assert "c.png" in printed
    assert "ARI" in printed
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a", "b", "index.html", "shelf.csv"}
    crops = list((tmp_path / "out/a/crops").rglob("*.jpg"))
    assert len(crops) == 10


def test_across_photos_one_product_has_one_number(checkpoint, folder, tmp_path):
    (folder / "c.png").unlink()
    run_group(checkpoint=checkpoint, photos=folder, output_dir=tmp_path / "out", across_photos=True)
    records = [json.loads((tmp_path / f"out/{name}/groups.json").read_text()) for name in ("a", "b")]
    clusters = [[detection["cluster"] for detection in record["detections"]] for record in records]
    assert clusters[0] == clusters[1]
    assert all(record["across_photos"] for record in records)


@pytest.mark.parametrize("across", [True, False])
def test_more_photos_than_one_page_holds_have_a_page_each(checkpoint, folder, tmp_path, monkeypatch, across):
    monkeypatch.setattr(photo_files, "MOST_ON_ONE_PAGE", 1)
    monkeypatch.setattr(photo_files, "MAX_DETECTIONS", 0)
    (folder / "c.png").unlink()
    (folder / "aisle #1").mkdir()
    for file in folder.glob("b.*"):
        file.rename(folder / "aisle #1" / file.name)
    out = tmp_path / "out"
    run_group(checkpoint=checkpoint, photos=folder, output_dir=out, across_photos=across)
    index = (out / "index.html").read_text()
    assert re.findall(r'<a href="([^"]*)"', index) == ["a/index.html", "aisle%20%231/b/index.html"]
    assert all((out / unquote(picture)).is_file() for picture in re.findall(r'<img src="([^"]*)"', index))
    nested = (out / "aisle #1/b/index.html").read_text()
    assert ('href="../../a/index.html#group-0"' in nested) == across
    assert ('id="review-data"' in nested) != across
    assert (out / "aisle #1/b/overlay.png").is_file()


def test_boxes_in_percent_are_doubted_and_read_if_told(checkpoint, shelf, tmp_path, capsys):
    content = json.loads((shelf / "shelf.json").read_text())
    percent = {
        name: {side: value / (4 if side[0] == "x" else 2.4) for side, value in box.items()}
        for name, box in content.items()
    }
    boxes = tmp_path / "percent.json"
    boxes.write_text(json.dumps({**percent, "a/b": {"x1": 90, "y1": 50, "x2": 99, "y2": 99}}))
    given = {"checkpoint": checkpoint, "photo": shelf / "shelf.png", "boxes": boxes, "output_dir": tmp_path / "out"}
    run_group(**given)
    assert "they look like percent of the photo's size: type box_scale=percent" in capsys.readouterr().err
    run_group(**given, box_scale="percent", save_crops=True)
    assert len(json.loads((tmp_path / "out/groups.json").read_text())["detections"]) == 11
    assert len(list((tmp_path / "out/crops").rglob("a%2Fb.jpg"))) == 1
    assert "warning" not in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run_group(**given, box_scale="centimetres")
    assert "error: box_scale must be pixels, shares, percent, a number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "give either photo=PATH or photos=FOLDER"),
        ({"photos": "nowhere"}, "there is no folder nowhere"),
        ({"photo": "nowhere.jpg"}, "nowhere.jpg"),
        # Refused before the photo is read.
        (
            {"photo": "nowhere.jpg", "names": ".", "unknown_named": 1.5},
            "unknown_named must be a share of 0 to 1, got 1.5",
        ),
        ({"photo": "nowhere.jpg", "names": "nowhere"}, "names: there is no folder nowhere"),
    ],
)
def test_mistakes_are_named(checkpoint, capsys, values, message):
    with pytest.raises(SystemExit):
        run_group(checkpoint=checkpoint, **values)
    assert message in capsys.readouterr().err


def test_grouping_without_labels_loads_only_what_it_needs():
    code = "import sys, inference, scripts.group_output.summary; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "torch" in done.stdout.split()
    unneeded = {"pytorch_lightning", "torchvision", "sklearn", "hdbscan", "pandas", "scipy", "matplotlib"}
    assert not unneeded & set(done.stdout.split())


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", {"state_dict": {}}])
def test_a_file_that_is_no_checkpoint_is_named(tmp_path, content):
    path = tmp_path / "wrong.ckpt"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    with pytest.raises(ValueError, match=r"wrong\.ckpt is not a (checkpoint|file of PyTorch)"):
        Checkpoint.read(path)


def test_a_checkpoint_builds_parts_of_the_project_only(checkpoint, tmp_path):
    content = torch.load(checkpoint, weights_only=True)
    content["recipe"]["clustering"] = {"_target_": "os.system", "command": "true"}
    torch.save(content, tmp_path / "changed.ckpt")
    with pytest.raises(ValueError, match=r"asks for 'os\.system', which is not a part of this project"):
        Grouper.load(tmp_path / "changed.ckpt")


@pytest.mark.real_data
def test_the_reports_weights_group_the_shelf_as_the_report_did(tmp_path):
    root = real_data("DETERGENTS")
    overrides = [f"weights={root}/reference/model_state_dict.pt", f"output={tmp_path}/report.ckpt"]
    convert_report.main.__wrapped__(compose_config(overrides, name="convert_report"))
    grouper = Grouper.load(tmp_path / "report.ckpt")
    grouping = group_one(grouper, read_scene(root / "shelf.jpeg", root / "shelf.json"))
    reference = json.loads((root / "reference/clusters.json").read_text())
    theirs = as_singletons(np.array([reference[name] for name in grouping.scene.ids]))
    assert adjusted_rand_score(theirs, as_singletons(grouping.labels)) >= 0.9
    record = as_record(grouping, (2464, 3280))
    assert len(record["detections"]) == 63
    assert write_groups(grouping, read_picture(root / "shelf.jpeg"), tmp_path / "out") == record
