import os
import signal
import time
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from datamodules.crop_cache import crop_store, decoding
from datamodules.crop_cache.crop_store import decode, open_store
from datamodules.crops import CropTable, cut, relative_log_sizes
from datamodules.transforms.crop_resize import CropResize
from datamodules.whole_folder import UNFINISHED

RESIZE = CropResize(image_size=16)


def make_pictures(folder, count=3, suffix="png"):
    rng = np.random.default_rng(0)
    files = []
    for number in range(count):
        files.append(str(folder / f"{number}.{suffix}"))
        Image.fromarray(rng.integers(0, 255, (20 + number, 30, 3), dtype=np.uint8)).save(files[-1])
    return CropTable.whole_pictures(files, list(range(count)), [f"p{number}" for number in range(count)])


def use_processes(monkeypatch, processes):
    monkeypatch.setattr(decoding, "useful_processes", lambda _: processes)
    monkeypatch.setattr(crop_store, "MANY_CROPS", 0)


def test_stored_crops_equal_freshly_decoded_ones(tmp_path):
    table = make_pictures(tmp_path)
    store = open_store(table, RESIZE, tmp_path / "cache")
    assert isinstance(store.images, np.memmap)
    assert store.sizes.tolist() == [[30, 20], [30, 21], [30, 22]]
    for row, file in enumerate(table.files):
        np.testing.assert_array_equal(store.images[row], RESIZE(Image.open(file).convert("RGB")))


def test_pictures_are_decoded_once_and_again_when_they_change(tmp_path):
    table = make_pictures(tmp_path)
    calls = []

    class Counted(CropResize):
        def __call__(self, crop):
            calls.append(crop.size)
            return super().__call__(crop)

    def open_counted(size):
        before = len(calls)
        open_store(table, Counted(size), tmp_path / "cache")
        return len(calls) > before

    assert [open_counted(16), open_counted(16), open_counted(17)] == [True, False, True]
    Image.new("RGB", (50, 60)).save(table.files[1])
    assert open_counted(16)


def test_links_to_pictures_find_what_was_decoded_of_them(tmp_path):
    table = make_pictures(tmp_path)
    (tmp_path / "folder").symlink_to(tmp_path, target_is_directory=True)
    linked = [str(tmp_path / f"link{number}.png") for number in range(3)]
    for link, file in zip(linked, table.files, strict=True):
        Path(link).symlink_to(file)
    through_folder = [str(tmp_path / "folder" / Path(file).name) for file in table.files]
    for files in (table.files, np.array(linked), np.array(through_folder)):
        open_store(CropTable(files, table.boxes, table.labels, table.photos), RESIZE, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_boxes_of_one_photo_are_cut_from_it(tmp_path):
    table = make_pictures(tmp_path, 1)
    boxes = np.array([[0, 0, 10, 5], [5, 5, 100, 100]], dtype=np.float32)
    two = CropTable(np.repeat(table.files, 2), boxes, np.zeros(2, int), np.repeat(table.photos, 2))
    assert decode(two, RESIZE).sizes.tolist() == [[10, 5], [25, 15]]


def test_unreadable_pictures_are_counted_and_named_and_remembered(tmp_path, monkeypatch):
    table = make_pictures(tmp_path, 8)
    for file in table.files[:6]:
        Path(file).write_bytes(b"broken")
    with pytest.raises(ValueError, match=r"(?s)6 of 8 pictures cannot be used.*0\.png.*and 1 more"):
        open_store(table, RESIZE, tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").glob("*/*")] == ["failures.json"]
    monkeypatch.setattr(crop_store, "decode_to_file", None)
    with pytest.raises(ValueError, match=r"(?s)6 of 8 pictures cannot be used.*0\.png.*and 1 more"):
        open_store(table, RESIZE, tmp_path / "cache")


def test_notes_on_pictures_are_kept(tmp_path):
    table = make_pictures(tmp_path, 1, suffix="jpg")
    file = Path(table.files[0])
    file.write_bytes(file.read_bytes()[:-2])
    for _ in range(2):
        (note,) = open_store(table, RESIZE, tmp_path / "cache").notes
        assert note.startswith(f"{file} is damaged")


def test_an_empty_table_has_an_empty_store(tmp_path):
    store = open_store(CropTable.concatenate([]), RESIZE, tmp_path / "cache")
    assert len(store.images) == len(store.sizes) == 0


def test_a_box_outside_its_photo_is_named():
    picture = Image.new("RGB", (10, 10))
    with pytest.raises(ValueError, match=r"box \(20\.0, 0\.0, 30\.0, 5\.0\) lies outside of its photo shelf\.jpg"):
        cut(picture, np.array([20, 0, 30, 5], dtype=np.float32), "shelf.jpg")


def test_relative_sizes_do_not_depend_on_the_photos_resolution():
    sizes = np.array([[10, 20], [20, 20], [40, 80], [30, 60], [60, 60], [120, 240]])
    photos = np.array(["a", "a", "a", "b", "b", "b"])
    relative = relative_log_sizes(sizes, photos)
    np.testing.assert_allclose(relative[:3], relative[3:], atol=1e-6)
    np.testing.assert_allclose(relative[1], [0, 0], atol=1e-6)
    np.testing.assert_allclose(relative[2], np.log([2, 4]), atol=1e-6)
    assert relative_log_sizes(np.zeros((0, 2)), np.array([], dtype=str)).shape == (0, 2)


@pytest.mark.parametrize("texts", [[], ["a"], ["photo " * 20, "b"], ["same"] * 5])
def test_a_table_keeps_each_text_once(texts):
    table = CropTable.whole_pictures(texts, [0] * len(texts), texts)
    given = CropTable(np.array(texts, dtype=str), table.boxes, table.labels, np.array(texts, dtype=str))
    for column in (table.files, given.files, CropTable.concatenate([given, given]).take(np.arange(len(texts))).photos):
        assert column.tolist() == texts
        assert len(set(map(id, column))) == len(set(texts))
        assert all(type(text) is str for text in column)


@pytest.mark.parametrize("processes", [0, 2])
# The last handover is shorter than the rest.
@pytest.mark.parametrize("files", [1, 2, 4])
def test_many_files_are_decoded_by_several_processes_and_all_of_them(tmp_path, monkeypatch, files, processes):
    table = make_pictures(tmp_path, 9)
    expected = decode(table, RESIZE)
    monkeypatch.setattr(decoding, "MANY_HANDOVERS", 2)
    monkeypatch.setattr(decoding, "PICTURES_AT_ONCE", files)
    monkeypatch.setattr(decoding, "PICTURES_PER_SYNC", files)
    use_processes(monkeypatch, processes)
    order = np.array([4, 8, 0, 4, 2, 7, 1, 3, 6, 5])
    for store in (open_store(table.take(order), RESIZE, tmp_path / "cache"), decode(table.take(order), RESIZE)):
        np.testing.assert_array_equal(store.images, expected.images[order])
        np.testing.assert_array_equal(store.sizes[:, 1], 20 + order)


def test_failures_in_other_processes_are_counted_and_named(tmp_path, monkeypatch):
    table = make_pictures(tmp_path, 8)
    for file in table.files[:6]:
        Path(file).write_bytes(b"broken")
    use_processes(monkeypatch, 2)
    with pytest.raises(ValueError, match=r"(?s)6 of 8 pictures cannot be used.*0\.png.*and 1 more"):
        open_store(table, RESIZE, tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").glob("*/*")] == ["failures.json"]


@pytest.mark.parametrize("processes", [0, 2])
def test_decoding_draws_no_random_numbers(tmp_path, monkeypatch, processes):
    use_processes(monkeypatch, processes)
    before = torch.get_rng_state()
    open_store(make_pictures(tmp_path, 4), RESIZE, tmp_path / "cache")
    assert torch.equal(torch.get_rng_state(), before)


def test_few_crops_start_no_process():
    few, many = (CropTable.whole_pictures(["a.png"] * count, [0] * count, ["a"] * count) for count in (3, 500))
    assert decoding.useful_processes(few) == 0
    assert 1 <= decoding.useful_processes(many) <= os.cpu_count()


class Dying(CropResize):
    """Ends its process as a system without memory does, at the first crop that is 22 pixels high."""

    def __call__(self, crop):
        if crop.height == 22:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(crop)


def test_a_process_that_dies_is_reported_and_nothing_is_taken_for_whole(tmp_path, monkeypatch):
    use_processes(monkeypatch, 2)
    with pytest.raises(BrokenProcessPool):
        open_store(make_pictures(tmp_path, 8), Dying(16), tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_killed_decode_leaves_no_process_and_no_cache_that_is_taken_for_whole(tmp_path, monkeypatch):
    table = make_pictures(tmp_path, 4)
    use_processes(monkeypatch, 2)
    child = get_context("fork").Process(target=open_store, args=(table, Waiting(16, tmp_path), tmp_path / "cache"))
    child.start()
    wait_until(lambda: any(tmp_path.glob("*.pid")))
    workers = [int(path.stem) for path in tmp_path.glob("*.pid")]
    child.kill()
    child.join()
    wait_until(lambda: not any(is_running(worker) for worker in workers))
    (leftover,) = (tmp_path / "cache").iterdir()
    assert leftover.name.startswith(UNFINISHED)
    np.testing.assert_array_equal(open_store(table, RESIZE, tmp_path / "cache").images, decode(table, RESIZE).images)
    assert not leftover.exists()


class Waiting(CropResize):
    """Writes down the number of its process, and is killed meanwhile."""

    def __init__(self, image_size, folder):
        super().__init__(image_size)
        self.folder = folder

    def __call__(self, crop):
        (self.folder / f"{os.getpid()}.pid").touch()
        time.sleep(60)


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
