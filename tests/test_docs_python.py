"""The code of docs/python.md runs as it stands, from a folder that holds only the files it names."""

import re
import shutil

import pytest
from hydra.utils import instantiate
from PIL import Image
from support import ROOT, compose_config

from datamodules.crops import cut
from datamodules.pictures import read_picture
from inference.shipped_checkpoint import SHIPPED

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
