"""Tables without a header that name their photos: which column is which, by what the columns hold."""

from pathlib import Path

from datamodules.box_files.formats.lines.columns import Columns
from datamodules.box_files.formats.lines.rows import read_rows
from datamodules.box_files.formats.lines.table import TableReader
from datamodules.box_files.names import is_picture_name

# Columns of tables that have been seen without a header: "a b c d" are the four numbers, "-" is anything.
# SKU-110K, makesense.ai, keras-retinanet, TensorFlow's and AutoML's CSV, and other orders of the same columns.
CORNERS, SIZED = "corners", "xywh"
ORDERS = (
    ("image a b c d label width height", CORNERS, "pixels"),
    ("label a b c d image width height", SIZED, "pixels"),
    ("image width height label a b c d", CORNERS, "pixels"),
    ("- image label a b - - c d - -", CORNERS, "shares"),
    ("image a b c d label score", CORNERS, "pixels"),
    ("image a b c d score label", CORNERS, "pixels"),
    ("image a b c d label", CORNERS, "pixels"),
    ("image label a b c d", CORNERS, "pixels"),
    ("image label score a b c d", CORNERS, "pixels"),
    ("image a b c d score", CORNERS, "pixels"),
    ("image a b c d", CORNERS, "pixels"),
    ("label a b c d image", CORNERS, "pixels"),
    ("a b c d label image", CORNERS, "pixels"),
    ("a b c d image label", CORNERS, "pixels"),
    ("a b c d image", CORNERS, "pixels"),
)
SAMPLE = 300


def columns_without_header(row: list[str]) -> bool:
    """Return whether a first row may be one of a photo's boxes: a text among at least four numbers, or without any."""
    fields = [field.strip() for field in row]
    return any(_fits([fields], order.split()) for order, _, _ in ORDERS)


def read_headerless(text: str, delimiter: str, file: Path) -> TableReader:
    """Return what reads a table whose columns are known by what they hold.

    Raises:
        ValueError: If no known order of columns fits the rows, or naming the line at fault.
    """
    rows = read_rows(text, delimiter, None, file)
    sample = [rows.fields(row) for row in range(min(len(rows), SAMPLE))]
    # A text is a picture's name in the column that the order calls so, where any column holds such names.
    known = [order for order in ORDERS if _fits(sample, order[0].split())]
    if not known:
        known = [order for order in ORDERS if _fits(sample[:1], order[0].split())]
    order, layout, scale = known[0]
    rows.titles = ["" if kind in "abcd-" else kind for kind in order.split()]
    readings = [_columns(order, layout, scale)]
    if scale == "pixels":
        readings.append(_columns(order, SIZED if layout == CORNERS else CORNERS, scale))
    return TableReader(rows, readings)


def _columns(order: str, layout: str, scale: str) -> Columns:
    kinds = order.split()
    names = ("x1", "y1", "x2", "y2") if layout == CORNERS else ("x", "y", "width", "height")
    words = dict(zip("abcd", names, strict=True)) | {"width": "image_width", "height": "image_height", "-": "?"}
    of = {kind: place for place, kind in enumerate(kinds) if kind not in ("-", "image", "score")}
    return Columns(of, layout, scale, sure_size=True, title=",".join(words.get(kind, kind) for kind in kinds))


def _fits(sample: list[list[str]], kinds: list[str]) -> bool:
    filled = [row for row in sample if len(row) == len(kinds) and any(row[kinds.index(kind)] for kind in "abcd")]
    if not filled:
        # keras-retinanet lists a photo without boxes as image,,,,,
        return bool(sample) and all(len(row) == len(kinds) and _is(row[0], kinds[0]) for row in sample)
    pictures = any(is_picture_name(field) for field in filled[0])
    return len(filled) >= 0.5 * len(sample) and all(
        _is(field, kind, pictures) for row in filled for field, kind in zip(row, kinds, strict=True)
    )


def _is(field: str, kind: str, pictures: bool = True) -> bool:
    if kind == "-":
        return True
    if kind == "image":
        return is_picture_name(field) or (not pictures and not _is_number(field))
    if kind == "label":
        return not is_picture_name(field) and ("." not in field or not _is_number(field))
    return _is_number(field) and (kind != "score" or 0 <= float(field) <= 1)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
