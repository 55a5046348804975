"""Parsed JSON, and what readers take out of it by name and kind."""

from typing import TypeAlias

from datamodules.box_files.detections import to_size, wrong

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"


def get(value: Json, key: str) -> Json:
    """Return what an object holds under a key; None where it is no object or holds nothing there."""
    return value.get(key) if isinstance(value, dict) else None


def text(value: Json, *keys: str) -> str:
    """Return the first text or number that an object holds under one of some keys, as text; empty if there is none."""
    return next((str(found) for key in keys if (found := get(value, key))), "")


def list_in(value: Json, *keys: str) -> "list[Json] | None":
    """Return the first list that an object holds under one of some keys, or None."""
    return next((found for key in keys if isinstance(found := get(value, key), list)), None)


def object_in(value: Json, key: str) -> "dict[str, Json] | None":
    """Return the object that another one holds under a key, or None."""
    return found if isinstance(found := get(value, key), dict) else None


def needed_object(value: Json, key: str, where: str) -> "dict[str, Json]":
    """Return the object that another one must hold under a key.

    Raises:
        ValueError: Naming the place and the key.
    """
    found = object_in(value, key)
    if found is None:
        raise wrong(where, f"an object with {key}", value)
    return found


def size_in(value: Json, where: str, width: str = "width", height: str = "height") -> tuple[int, int] | None:
    """Return the photo's width and height that an object holds, or None."""
    return to_size(get(value, width), get(value, height), where)


def as_list(value: Json) -> "list[Json]":
    """Return a list as it is, and anything else as its only value."""
    return value if isinstance(value, list) else [value]
