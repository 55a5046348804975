"""How every command starts: plain questions are answered and mistakes explained before and beside Hydra."""

import os
import sys
from collections.abc import Callable

from hydra.errors import HydraException
from omegaconf.errors import OmegaConfBaseException

from scripts.cli.arguments.literal import literal_paths
from scripts.cli.mistakes import EXPLAINED, end_with, is_mistake, tracebacks_wanted
from scripts.cli.quick_help import help_text, version_text
from scripts.cli.renamed import translate_arguments
from scripts.cli.stopping import stopped_by_signals

# The file of conf/ that a command reads where it is not called as its help.
CONFIGURATIONS = {"train": "config"}


@stopped_by_signals()
def start(main: Callable[[], None], name: str, first_word: str | None = None) -> None:
    """Run a command as it was typed.

    Args:
        main: The command, as hydra.main made it.
        name: The file of conf/hydra/help that it uses.
        first_word: The key that a first word without = is the value of; None for a command without such a word.
    """
    if first_word is not None:
        sys.argv[1:] = with_key(sys.argv[1:], first_word)
    translate_arguments()
    # With a second option Hydra itself answers.
    if sys.argv[1:] in (["--help"], ["-h"]):
        print(help_text(name))
    elif sys.argv[1:] == ["--version"]:
        print(version_text())
    else:
        _run(main, CONFIGURATIONS.get(name, name))


def with_key(arguments: list[str], key: str) -> list[str]:
    """Turn a first word without = into KEY=WORD, the way that Hydra reads it."""
    if arguments and "=" not in arguments[0] and not arguments[0].startswith("-"):
        return [f"{key}={arguments[0]}", *arguments[1:]]
    return arguments


def _run(main: Callable[[], None], config_name: str) -> None:
    # Import time: OmegaConf and what reads the names of options.
    from scripts.cli.arguments.check import check_arguments, split_flags

    try:
        check_arguments(sys.argv[1:], config_name)
        overrides, flags = split_flags(sys.argv[1:])
    except ValueError as mistake:
        end_with(mistake)
    # Hydra takes a flag between overrides for the end of them.
    sys.argv[1:] = literal_paths([*overrides, *flags])
    if not tracebacks_wanted():
        # Hydra raises what it would print in its own many lines.
        os.environ |= {"HYDRA_FULL_ERROR": "1", EXPLAINED: "1"}
    try:
        main()
    except (HydraException, OmegaConfBaseException, OSError) as error:
        if tracebacks_wanted() or not is_mistake(error):
            raise
        # Import time: Hydra's grammar, for those who mistyped.
        from scripts.cli.arguments.explain import explanation

        text = explanation(sys.argv[1:], config_name)
        end_with(error if text is None else ValueError(text))
