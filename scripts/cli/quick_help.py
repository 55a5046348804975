"""Help without Hydra's listing of options, which copies every loaded file once per folder and takes longest of all."""

from __future__ import annotations

import string
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "conf"
PROJECT = "packed-scenes"
# The folder of settings of Hydra itself.
HYDRA_GROUP = "hydra"


def help_text(name: str) -> str:
    """Return a command's help with the options of every group, read from the names of the files.

    Files that begin with _ are parts of options and are left out.
    """
    # Import time: a second of it is what the quick help saves, and other arguments need none of it.
    from omegaconf import OmegaConf

    described = OmegaConf.load(CONFIGURATION / "hydra" / "help" / f"{name}.yaml")
    template = OmegaConf.create({"hydra": {"help": described}}).hydra.help.template
    return string.Template(template).substitute(APP_CONFIG_GROUPS=_groups())


def version_text() -> str:
    """Return the project's name and version, from pyproject.toml or, where that is elsewhere, the installation."""
    # Import time, as above.
    import tomllib
    from importlib.metadata import version

    described = ROOT / "pyproject.toml"
    if not described.is_file():
        return f"{PROJECT} {version(PROJECT)}"
    return f"{PROJECT} {tomllib.loads(described.read_text())['project']['version']}"


def _groups() -> str:
    """Return one line per group: its name and its options."""
    options: dict[str, list[str]] = {}
    for path in sorted(CONFIGURATION.rglob("*.yaml")):
        group = path.parent.relative_to(CONFIGURATION)
        if group.parts and group.parts[0] != HYDRA_GROUP and not path.name.startswith("_"):
            options.setdefault(group.as_posix(), []).append(path.stem)
    return "".join(f"{group}: {', '.join(names)}\n" for group, names in sorted(options.items()))
