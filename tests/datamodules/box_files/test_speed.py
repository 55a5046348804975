"""Large box files are read once per run, and in time that grows with their size."""

import json
import time

import numpy as np
import pytest
from PIL import Image

from datamodules.box_files import detect, read_scene

ROWS_PER_PHOTO = 20


@pytest.fixture
def photos(tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(40)]
    for path in paths:
        Image.new("1", (400, 300)).save(path)
    return paths


def _sku(count):
    boxes = [(x, y, x + 35, y + 140) for y in (5, 155) for x in range(2, 400, 40)]
    rows = [",".join(map(str, box)) + ",object,400,300" for box in boxes]
    return "".join(f"{number}.png,{row}\n" for number in range(count) for row in rows)


def test_a_large_table_is_parsed_once_for_all_photos(photos, write, monkeypatch):
    file = write(_sku(5000))
    start = time.perf_counter()
    first = read_scene(photos[0], file)
    once = time.perf_counter() - start
    start = time.perf_counter()
    scenes = [read_scene(photo, file) for photo in photos[1:]]
    assert time.perf_counter() - start < max(once, 0.5)
    assert {len(scene) for scene in scenes} == {len(first)} == {ROWS_PER_PHOTO}
    # Without the files that are kept, it would be parsed forty times.
    decoded = []
    monkeypatch.setattr(detect, "decode", lambda data, path: decoded.append(path))
    read_scene(photos[0], file)
    assert not decoded


def test_a_file_that_changed_is_read_anew(photos, write):
    file = write("x1,y1,x2,y2\n1,2,300,240\n")
    assert len(read_scene(photos[0], file)) == 1
    write("x1,y1,x2,y2\n1,2,300,240\n1,2,30,24\n")
    assert len(read_scene(photos[0], file)) == 2


def test_a_broken_file_is_found_broken_once(photos, write, monkeypatch):
    file = write("{" + "broken")
    messages = []
    for _ in range(2):
        with pytest.raises(ValueError, match="is not JSON") as error:
            read_scene(photos[0], file)
        messages.append(str(error.value))
        monkeypatch.setattr(detect, "decode", None)
    assert messages[0] == messages[1]


def test_one_key_of_many_that_stands_twice_is_found_in_linear_time(photos, write):
    keys = [*range(100_000), 50_000]
    record = json.dumps({"x1": 1, "y1": 2, "x2": 3, "y2": 4})
    file = write("{" + ",".join(f'"{key}":{record}' for key in keys) + "}")
    start = time.perf_counter()
    with pytest.raises(ValueError, match="has the id '50000' more than once"):
        read_scene(photos[0], file)
    # Comparing each key with all took 425 s.
    assert time.perf_counter() - start < 20


def test_ten_thousand_boxes_are_placed_in_seconds(photos, write):
    x, y = np.meshgrid(np.arange(100) * 4.0, np.arange(100) * 3.0)
    rows = [f"{a},{b},{a + 3},{b + 2.5}" for a, b in zip(x.ravel(), y.ravel(), strict=True)]
    file = write("\n".join(["x1,y1,x2,y2", *rows]))
    start = time.perf_counter()
    scene = read_scene(photos[0], file)
    assert time.perf_counter() - start < 10
    assert len(scene) == 10_000
    assert scene.warnings == ()
