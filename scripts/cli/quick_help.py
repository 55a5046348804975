"""Help without Hydra's listing of options, which copies every loaded file once per folder and takes longest of all."""

from __future__ import annotations

import string
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "conf"
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
    """Return the project's name and version, as pyproject.toml has them."""
    # Import time, as above.
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return f"{project['name']} {project['version']}"


def _groups() -> str:
    """Return one line per group: its name and its options."""
    options: dict[str, list[str]] = {}
    for path in sorted(CONFIGURATION.rglob("*.yaml")):
        group = path.parent.relative_to(CONFIGURATION)
        if group.parts and group.parts[0] != HYDRA_GROUP and not path.name.startswith("_"):
            options.setdefault(group.as_posix(), []).append(path.stem)
    return "".join(f"{group}: {', '.join(names)}\n" for group, names in sorted(options.items()))
