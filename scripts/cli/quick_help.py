"""Help without Hydra's listing of options, which copies every loaded file once per folder and takes longest of all."""

from __future__ import annotations

import string
import sys
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[2] / "conf"
HELP_OPTIONS = ("--help", "-h")
# The folder of settings of Hydra itself.
HYDRA_GROUP = "hydra"


def answer_help(name: str) -> None:
    """Prints what Hydra would print and ends the process, if help is all that was asked for.

    Args:
        name: the file of conf/hydra/help that the command uses.
    """
    if len(sys.argv) == 2 and sys.argv[1] in HELP_OPTIONS:
        print(help_text(name))
        sys.exit(0)


def help_text(name: str) -> str:
    """Returns a command's help with the options of every group, read from the names of the files."""
    from omegaconf import OmegaConf

    described = OmegaConf.load(CONFIGURATION / "hydra" / "help" / f"{name}.yaml")
    template = OmegaConf.create({"hydra": {"help": described}}).hydra.help.template
    return string.Template(template).substitute(APP_CONFIG_GROUPS=_groups())


def _groups() -> str:
    """One line per group: its name and its options."""
    options: dict[str, list[str]] = {}
    for path in sorted(CONFIGURATION.rglob("*.yaml")):
        group = path.parent.relative_to(CONFIGURATION)
        if group.parts and group.parts[0] != HYDRA_GROUP:
            options.setdefault(group.as_posix(), []).append(path.stem)
    return "".join(f"{group}: {', '.join(names)}\n" for group, names in sorted(options.items()))
