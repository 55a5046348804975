"""Names of photos and products: which are the same, and which are none."""

import re
import unicodedata
from urllib.parse import unquote

# More than are read as pictures: a file of boxes may name a photo that was converted since.
PICTURE_NAME = re.compile(r"\.(jpe?g|jpe|jfif|png|bmp|webp|tiff?|gif|heic|heif|avif|mpo|jp2|dng|cr2|nef|arw)$", re.I)
WHOLE_NUMBER = re.compile(r"(-?\d+)\.0+")
NO_NAMES = frozenset({"", "nan", "none", "null"})
URL = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]*/?", re.I)


def product_name(value: object) -> str:
    """Return a product's name in one Unicode normal form, empty for nan, None and null; 1.0 is 1."""
    name = unicodedata.normalize("NFC", str(value)).strip()
    whole = WHOLE_NUMBER.fullmatch(name)
    return whole[1] if whole else "" if name.lower() in NO_NAMES else name


def photo_name(value: object) -> str:
    """Return a photo's name, path or address as a path with / in one Unicode normal form."""
    name = unicodedata.normalize("NFC", str(value)).strip()
    address = URL.match(name)
    if address or name.startswith("/data/"):
        name = name[address.end() if address else 0 :]
        path, _, query = name.partition("?")
        # Label Studio: /data/local-files/?d=folder/shelf.jpg
        name = unquote(query.rpartition("=")[2] if query and not is_picture_name(path) else path)
    name = re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/"))
    return "/".join(part for part in name.split("/") if part not in ("", ".", ".."))


def is_picture_name(value: object) -> bool:
    """Return whether a text ends as the file name, path or address of a picture does."""
    return bool(PICTURE_NAME.search(str(value).strip().partition("?")[0]) or PICTURE_NAME.search(str(value).strip()))


def stem_of(name: str) -> str:
    """Return the last part of a path without a picture's suffix."""
    return PICTURE_NAME.sub("", name.rpartition("/")[2])
