"""Folders of the cache are whole or absent, also where several processes fill them."""

import pytest

from datamodules.whole_folder import UNFINISHED, whole_folder


def fill(folder, text="a", failure=None):
    with whole_folder(folder) as unfinished:
        (unfinished / "file").write_text(text)
        if failure is not None:
            raise failure


@pytest.mark.parametrize("failure", [ValueError("no"), KeyboardInterrupt()], ids=repr)
def test_a_failure_leaves_nothing(tmp_path, failure):
    with pytest.raises(type(failure)):
        fill(tmp_path / "cache/one", failure=failure)
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_faster_of_two_processes_counts(tmp_path):
    with whole_folder(tmp_path / "one") as slow:
        (slow / "file").write_text("slow")
        fill(tmp_path / "one", "fast")
        assert slow.is_dir()
    assert (tmp_path / "one/file").read_text() == "fast"
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_leftovers_of_killed_processes_are_removed(tmp_path):
    (tmp_path / f"{UNFINISHED}killed").mkdir()
    (tmp_path / f"{UNFINISHED}killed/half").touch()
    fill(tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_place_that_is_none_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"file/one cannot be written: (Not a directory|File exists)"):
        fill(tmp_path / "file/one")
