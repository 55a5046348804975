"""File names of crops tell ids apart on every file system and stay inside of their folder."""

import unicodedata
from urllib.parse import unquote

import pytest

from scripts.group_output.crop_names import crop_names

ODD = ["a/b", "a_b", "a\\b", "a%2Fb", "../../escape", "..", ".", "", " ", "x" * 300, "x" * 299 + "y", "con", "CON",
       "con.txt", "a\nb", "a\0b", "=1+1", "soap #1", "100%", "A", "a", "\u00e9", "e\u0301", "\ube44" * 80, "~", "a~b",
       "name.", "name", ".hidden", "a:b", "a*b", 'a"b', "a|b", "\u202egpj"]  # fmt: skip


def test_odd_ids_get_different_names_that_can_be_written(tmp_path):
    names = crop_names(ODD)
    folded = [unicodedata.normalize("NFC", name).casefold() for name in names]
    assert len(set(folded)) == len(ODD)
    for name in names:
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(b"")
        assert path.resolve().parent == tmp_path.resolve()
        assert len(path.name.encode()) <= 110
        assert not set('/\\:*?"<>|\0\n') & set(name)
    assert len(list(tmp_path.iterdir())) == len(ODD)


@pytest.mark.parametrize("id", ["a/b", "a_b", "100%", "a\nb", "..", "soap #1", "비누", "a~b"])
def test_a_short_name_tells_its_id(id):
    assert unquote(crop_names([id])[0]) == id


def test_plain_ids_stay_as_they_are():
    assert crop_names(["YvUqM83", "12", "box-7"]) == ["YvUqM83", "12", "box-7"]
