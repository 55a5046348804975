"""The code of the docs runs as it stands, from a folder that holds only the files it names."""

import re
import shutil

import numpy as np
import pytest
from hydra.utils import instantiate
from PIL import Image, ImageOps
from sklearn.metrics import adjusted_rand_score
from support import ROOT, compose_config

from datamodules.crops import cut
from datamodules.pictures import read_picture
from datamodules.transforms.crop_resize import CropResize
from inference import Grouper
from inference.shipped_checkpoint import SHIPPED
from scripts import export

CODE = re.compile(r"^```python\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(cache_dir, tmp_path, monkeypatch):
    """Rendered shelves with labelled boxes, a few crops and a checkpoint, under the names that the page uses."""
    scenes = instantiate(compose_config(["data=synthetic_small", f"cache_dir={cache_dir}"]).data).load().scenes
    (tmp_path / "photos").mkdir()
    (tmp_path / "crops").mkdir()
    for number, scene in enumerate(scenes):
        rows = zip(scene.ids, scene.boxes.tolist(), scene.labels.tolist(), strict=True)
        # A box file is recognised by its content.
        lines = ["id,x1,y1,x2,y2,label", *(f"{i},{','.join(map(str, box))},p{p}" for i, box, p in rows)]
        photo = Image.open(scene.photo).convert("RGB")
        for path in (tmp_path / f"photos/{number}", tmp_path / "shelf"):
            photo.save(path.with_suffix(".jpg"))
            path.with_suffix(".json").write_text("\n".join(lines))
        for name, box in zip("ab", scene.boxes, strict=False):
            cut(photo, box, name).save(tmp_path / f"crops/{name}.png")
    shutil.copytree(tmp_path / "crops", tmp_path / "products/cola")
    shutil.copy(SHIPPED, tmp_path / "best.ckpt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_block_runs(folder, capsys):
    blocks = CODE.findall((ROOT / "docs/python.md").read_text())
    assert len(blocks) >= 7
    names: dict = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    assert read_picture(folder / "overlay.png").size[0] > 300
    assert "0 " in capsys.readouterr().out
    assert names["embeddings"].shape[0] == 2


def test_the_readme_shows_the_same_calls(folder):
    (block,) = CODE.findall((ROOT / "README.md").read_text())
    exec(compile(block, "README.md", "exec"), {})
    assert (folder / "overlay.png").is_file()


# Warnings of the exporters' own code, which a newer release of either may fix.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_the_exported_graph_groups_without_the_project(folder):
    pytest.importorskip("onnxruntime", reason="the extra 'export' is not installed")
    expected = Grouper.load().group("shelf.jpg", "shelf.json")
    np.save("boxes.npy", expected.scene.boxes)
    for output in ("embedder.onnx", "embedder.pt2"):
        given = ["checkpoint=best.ckpt", "photo=shelf.jpg", "boxes=shelf.json", f"output={output}"]
        export.main.__wrapped__(compose_config(given, name="export"))
    by_onnx, by_torch = CODE.findall((ROOT / "docs/export.md").read_text())
    assert not re.search(r"^(import|from) (?!numpy|onnxruntime|PIL|scipy)", by_onnx, flags=re.MULTILINE)
    names: dict = {}
    exec(compile(by_onnx, "docs/export.md", "exec"), names)
    alone = np.where(expected.labels < 0, -1 - np.arange(len(expected)), expected.labels)
    assert adjusted_rand_score(alone, names["groups"]) == 1
    of_onnx = names["about"]
    exec(compile(by_torch, "docs/export.md", "exec"), names)
    assert names["about"] == of_onnx
    documented = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", _text(), flags=re.MULTILINE))))
    assert of_onnx.keys() | {"border"} == documented


@pytest.mark.parametrize("size", [(31, 200), (64, 64), (90, 61), (300, 7)])
def test_letterboxing_without_the_project(size):
    (line,) = re.findall(r"ImageOps\.pad\(.*\)\)", _text())
    rng = np.random.default_rng(0)
    crop = Image.fromarray(rng.integers(0, 256, (*size[::-1], 3), dtype=np.uint8))
    theirs = eval(line, {"ImageOps": ImageOps, "Image": Image, "crop": crop, "side": 96})
    ours = CropResize(96, "letterbox")(crop)
    assert np.abs(np.asarray(theirs, dtype=int) - ours).max() <= 1


def _text():
    return (ROOT / "docs/export.md").read_text()
