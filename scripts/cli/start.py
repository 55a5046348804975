"""How every command starts: old spellings are translated and plain questions answered before Hydra is asked."""

import sys
from collections.abc import Callable

from scripts.cli.quick_help import help_text, version_text
from scripts.cli.renamed import translate_arguments
from scripts.cli.stopping import stopped_by_signals


@stopped_by_signals()
def start(main: Callable[[], None], name: str) -> None:
    """Run a command as it was typed.

    Args:
        main: The command, as hydra.main made it.
        name: The file of conf/hydra/help that it uses.
    """
    translate_arguments()
    # With a second option Hydra itself answers.
    if sys.argv[1:] in (["--help"], ["-h"]):
        print(help_text(name))
    elif sys.argv[1:] == ["--version"]:
        print(version_text())
    else:
        main()
