"""Who may import whom, and where Hydra stops."""

import ast
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


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(str(node.module).split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    folder = path.relative_to(ROOT).parts[0]
    names = imported(path)
    assert names & PROJECT <= ALLOWED[folder]
    assert not names & FORBIDDEN[folder]


@pytest.mark.parametrize("path", [*FILES, ROOT / "train.py"], ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    text = path.read_text()
    assert path.stem != "utils"
    assert text.count("\n") <= 260
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            lines = node.end_lineno - node.lineno - (docstring.count("\n") + 1 if docstring else 0)
            assert lines <= 45, f"{node.name} has {lines} lines"
