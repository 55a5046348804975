"""Files are whole or absent, whatever happens while they are written."""

import errno
import os
from pathlib import Path

import pytest

from analysis.whole_file import UNFINISHED, remove_leftovers, whole_file, write_bytes, write_text


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture(autouse=True)
def new_process():
    remove_leftovers.cache_clear()


def test_a_file_appears_with_its_content_and_nothing_else(tmp_path):
    write_text(tmp_path / "deep/a.txt", "é")
    assert (tmp_path / "deep/a.txt").read_bytes() == "é".encode()
    assert names(tmp_path / "deep") == {"a.txt"}


@pytest.mark.parametrize("failure", [ValueError("no"), KeyboardInterrupt(), SystemExit(3)], ids=repr)
def test_a_failed_write_leaves_what_was_there(tmp_path, failure):
    write_bytes(tmp_path / "a.png", b"before")

    def fail():
        with whole_file(tmp_path / "a.png") as unfinished:
            assert (unfinished.parent, unfinished.suffix) == (tmp_path, ".png")
            unfinished.write_bytes(b"half")
            raise failure

    with pytest.raises(type(failure)):
        fail()
    assert (tmp_path / "a.png").read_bytes() == b"before"
    assert names(tmp_path) == {"a.png"}


def test_a_full_disk_names_the_file_in_one_line(tmp_path):
    def fail():
        with whole_file(tmp_path / "a.csv"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match=r"a\.csv cannot be written: No space left on device"):
        fail()
    assert names(tmp_path) == set()


def test_a_place_that_is_none_is_named(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"file/a\.txt cannot be written: (Not a directory|File exists)"):
        write_text(tmp_path / "file/a.txt", "")
    with pytest.raises(OSError, match="folder cannot be written: it is there already and is not a file"):
        write_text(tmp_path / "folder", "")
    with pytest.raises(OSError, match="null cannot be written"):
        write_text("/dev/null", "")


def test_a_link_stays_one_and_permissions_are_those_of_any_new_file(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_text(tmp_path / "link", "a")
    (tmp_path / "plain").write_text("a")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_leftovers_of_killed_processes_go_and_those_of_living_ones_stay(tmp_path):
    (tmp_path / f"{UNFINISHED}killed.png").touch()
    with whole_file(tmp_path / "a.png") as living:
        remove_leftovers.cache_clear()
        write_text(tmp_path / "b.txt", "b")
        assert names(tmp_path) == {living.name, "b.txt"}
        living.write_bytes(b"a")
    assert names(tmp_path) == {"a.png", "b.txt"}
