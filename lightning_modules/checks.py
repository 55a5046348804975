"""Checking what a configuration gives."""

from collections.abc import Callable, Collection


def check_choice(name: str, value: object, choices: Collection[str]) -> None:
    """Check that a name of the configuration is one of the choices.

    Raises:
        ValueError: If it is not, with all of them.
    """
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")


def check_number(name: str, value: object, expected: str, fits: Callable[[float], bool], hint: str = "") -> float:
    """Return a number of the configuration, if it is one and fits.

    Args:
        name: Its key as a user types it.
        value: What was given.
        expected: What fits, in words.
        fits: Whether a number fits; NaN must not.
        hint: Continues the message with what to type.

    Raises:
        ValueError: If the value is a text, true or false, or a number that does not fit.
    """
    # bool is an int to Python.
    if isinstance(value, bool) or not isinstance(value, int | float) or not fits(value):
        raise ValueError(f"{name} must be {expected}, got {value!r}{hint}")
    return float(value)


def check_whole_number(name: str, value: object, expected: str, fits: Callable[[int], bool], hint: str = "") -> int:
    """Return a whole number of the configuration, as :func:`check_number` does."""
    if isinstance(value, bool) or not isinstance(value, int) or not fits(value):
        raise ValueError(f"{name} must be {expected}, got {value!r}{hint}")
    return value
