"""Any path reaches a command as it was typed, and a sweep still sweeps."""

import random
import re

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from scripts.cli.arguments.folder_name import folder_name
from scripts.cli.arguments.literal import literal_paths

PARSER = OverridesParser.create()


def read(*arguments):
    """Return the values that Hydra reads of overrides."""
    return [PARSER.parse_override(argument).value() for argument in literal_paths(arguments) if argument != "-m"]


@pytest.mark.parametrize(
    "path",
    [
        "logs/sweeps/head=cosine,lambda=10/best.ckpt",
        "my photos/it's (1).jpg",
        'a "quoted" name',
        "полка/茶.jpg",
        "[2024]/crops",
        "2024",
        "007",
        "true",
        "~tilde/#1",
        "choice(a,b)",
        "^(.+?)--",
        "ends with \\",
        "C:\\shelf",
        "{a:b}",
        "$HOME&;|",
    ],
)
def test_a_path_is_read_as_it_stands(path):
    for key in ("checkpoint", "photo", "data.root", "data.sources.mine.root"):
        assert read(f"{key}={path}") == [path]


def test_names_made_of_anything_are_read_as_they_stand():
    rng = random.Random(0)
    for _ in range(300):
        name = "a" + "".join(rng.choice("b=,'\" ()[]{}$#&;茶é:~!*?/.-1\t") for _ in range(rng.randint(1, 9)))
        if not re.search(r"\$\{.*\}", name):
            assert read(f"photo={name}") == [name]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("photo=null", None),
        ("photo='a b'", "a b"),
        ("photo=a\\=b", "a=b"),
        ("checkpoints=[a=b.ckpt,c d.ckpt]", ["a=b.ckpt", "c d.ckpt"]),
        ("lambda=3", 3),
    ],
)
def test_what_is_spelled_for_hydra_stays(typed, value):
    assert read(typed) == [value]


def test_a_home_folder_is_found_behind_a_dotted_key(monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    assert read("data.root=~/crops") == ["/home/someone/crops"]


def test_a_sweep_over_paths_still_sweeps(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert literal_paths(["-m", "data.root=a=b,c d,e"])[1] == 'data.root="a=b","c d",e'
    assert literal_paths(["-m", "data.root=choice(a,b)"])[1] == "data.root=choice(a,b)"
    (tmp_path / "a,b").mkdir()
    assert read("-m", "data.root=a,b") == ["a,b"]


def test_folders_of_runs_can_be_typed_and_differ():
    assert folder_name(["lambda=10", "head=cosine"]) == "head-cosine_lambda-10"
    assert folder_name(["lambda=3", "output_dir=x", "cache_dir=y", "hydra.run.dir=z"], "_") == "_lambda-3"
    assert folder_name([], "_") == ""
    values = ["-1", "1", "1.0", "[1]", "[1,2]", "'1'", "é", "茶", "a b", "a=b", "a,b", "a/b", "x" * 300, "x" * 301]
    names = [folder_name([f"data.key={value}"]) for value in values]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[\w.+-]{1,100}", name, flags=re.ASCII) for name in names)
    assert folder_name(["data.root=/a/crops"]) != folder_name(["data.root=/b/crops"])
