"""Who may import whom, where Hydra stops, and that rooms stay small enough to be understood."""

import ast
import functools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {
    "analysis": {"analysis"},
    "datamodules": {"datamodules"},
    "lightning_modules": {"lightning_modules"},
    "callbacks": {"callbacks", "analysis"},
    "inference": {"inference", "analysis", "datamodules", "lightning_modules"},
    "scripts": {"scripts", "inference", "callbacks", "analysis", "datamodules", "lightning_modules", "train"},
}
PROJECT = {*ALLOWED, "train", "tests"}
FRAMEWORKS = {"torch", "torchvision", "pytorch_lightning", "hydra", "omegaconf"}
FORBIDDEN = {
    "analysis": FRAMEWORKS,
    "datamodules": {"hydra", "omegaconf"},
    "lightning_modules": {"hydra", "omegaconf"},
    "callbacks": {"hydra", "omegaconf"},
    "inference": {"hydra", "omegaconf", "pytorch_lightning"},
    "scripts": set(),
}
FILES = [path for folder in ALLOWED for path in sorted((ROOT / folder).rglob("*.py"))]
SOURCES = [*FILES, ROOT / "train.py"]
FILES_PER_FOLDER = 12
# Reads documents of other programs, in which anything may stand.
READERS = ROOT / "datamodules/box_files/formats"
# Rooms whose public functions are typed; these alone take or return anything, for a reason.
TYPED = {"datamodules", "lightning_modules", "callbacks", "inference"}
ANY_ALLOWED = {
    # Lightning's signature.
    "on_save_checkpoint",
    "on_load_checkpoint",
    "save_checkpoint",
    # Documents as JSON has them.
    "read_result",
    "corrupt",
    # Plain values of a checkpoint, and whatever part of the project they describe.
    "build_part",
    "upgrade_recipe",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@functools.cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef))


def has_reason(lines: list[str], number: int) -> bool:
    """Returns whether an import has a comment on its line, or above the block of imports that it stands in."""
    if "#" in lines[number]:
        return True
    above = (line.strip() for line in reversed(lines[:number]))
    return next(line for line in above if line and not line.startswith(("import ", "from ", "try:"))).startswith("#")


def imported(path: Path) -> set[str]:
    names = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(str(node.module).split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_one_way(path):
    folder = path.relative_to(ROOT).parts[0]
    names = imported(path)
    assert names & PROJECT <= ALLOWED[folder]
    assert not names & FORBIDDEN[folder]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_files_and_functions_stay_short(path):
    text = path.read_text()
    assert path.stem != "utils"
    assert text.count("\n") <= 260
    for function in functions(path):
        docstring = ast.get_docstring(function, clean=False)
        lines = function.end_lineno - function.lineno - (docstring.count("\n") + 1 if docstring else 0)
        assert lines <= 45, f"{function.name} has {lines} lines"


def test_folders_stay_small():
    crowded = {
        folder: count for folder, count in Counter(path.parent for path in FILES).items() if count > FILES_PER_FOLDER
    }
    assert not crowded


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_an_import_inside_a_function_says_why(path):
    lines = path.read_text().splitlines()
    inside = [node for function in functions(path) for node in ast.walk(function)]
    numbers = {node.lineno - 1 for node in inside if isinstance(node, ast.Import | ast.ImportFrom)}
    assert not [lines[number].strip() for number in sorted(numbers) if not has_reason(lines, number)]


TYPED_FILES = [path for path in FILES if path.relative_to(ROOT).parts[0] in TYPED and READERS not in path.parents]


@pytest.mark.parametrize("path", TYPED_FILES, ids=name_of)
def test_public_functions_are_typed(path):
    for function in functions(path):
        if function.name in ANY_ALLOWED or (function.name.startswith("_") and function.name != "__init__"):
            continue
        arguments = [node for node in ast.walk(function.args) if isinstance(node, ast.arg)]
        annotations = [function.returns, *(argument.annotation for argument in arguments)]
        names = [node for annotation in annotations if annotation is not None for node in ast.walk(annotation)]
        assert not any(isinstance(node, ast.Name) and node.id == "Any" for node in names), function.name
