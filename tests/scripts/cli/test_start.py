"""Plain questions are answered at once, as Hydra would answer them, and old spellings are translated before."""

import re
import subprocess
import sys

import pytest
from support import ROOT

COMMANDS = ["train.py", *(f"scripts/{path.name}" for path in sorted((ROOT / "scripts").glob("*.py")))]
COMMANDS.remove("scripts/__init__.py")


def run(command, *arguments):
    """Run a command in the repository as a user would."""
    how = [command] if command == "train.py" else ["-m", command.removesuffix(".py").replace("/", ".")]
    return subprocess.run([sys.executable, *how, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    answer = run(command, "--help")
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"^ *python (train\.py|-m scripts\.\w+) \S+", answer.stdout, flags=re.MULTILINE)


@pytest.mark.parametrize("command", ["train.py", "scripts/group.py"])
def test_the_quick_help_is_that_of_hydra_without_parts_of_options(command):
    # With a second option Hydra itself answers.
    assert run(command, "--help").stdout == re.sub(r"\b_\w+, ", "", run(command, "--help", "--resolve").stdout)


def test_the_version_is_that_of_the_project():
    assert f'version = "{run("train.py", "--version").stdout.split()[-1]}"' in (ROOT / "pyproject.toml").read_text()


def test_old_spellings_are_translated_before_hydra_reads_them():
    answer = run("train.py", "sampler=rooted", "--cfg", "job", "-p", "sampler")
    assert answer.stdout.split()[-1] == "sqrt"
    assert answer.stderr == "note: sampler=rooted is now sampler=sqrt\n"
