"""Which column of a CSV holds what."""

# What the columns are called; where a table has several of one kind, the one named first here is taken.
HEADERS = {
    "x1": ("x1", "xmin", "x_min", "left"),
    "y1": ("y1", "ymin", "y_min", "top"),
    "x2": ("x2", "xmax", "x_max", "right"),
    "y2": ("y2", "ymax", "y_max", "bottom"),
    "id": ("id", "box_id", "detection_id"),
    "label": ("label", "product", "class_name", "name", "category", "class"),
    "image": ("image", "image_name", "file", "file_name", "filename", "image_path", "path", "photo"),
    "width": ("image_width", "img_width", "width"),
    "height": ("image_height", "img_height", "height"),
}
CORNERS = ("x1", "y1", "x2", "y2")
# SKU-110K has no header.
SKU_COLUMNS = ("image", "x1", "y1", "x2", "y2", "label", "width", "height")


def columns_of_header(row: list[str]) -> dict[str, int]:
    """Return the position of each kind of column that a header names; empty if it names no corner."""
    names = [name.strip().lower().replace(" ", "_").replace("-", "_") for name in row]
    found = {
        kind: names.index(next(title for title in titles if title in names))
        for kind, titles in HEADERS.items()
        if not set(titles).isdisjoint(names)
    }
    if "image" not in found:
        # In a table of one photo, width and height are more likely the boxes' own.
        found = {kind: position for kind, position in found.items() if kind not in ("width", "height")}
    return found if not found.keys().isdisjoint(CORNERS) else {}


def columns_of_sku(row: list[str]) -> dict[str, int]:
    """Return the positions of SKU-110K's columns; empty if a first row is no such row."""
    columns = {kind: position for position, kind in enumerate(SKU_COLUMNS)}
    numeric = (*CORNERS, "width", "height")
    if len(row) != len(columns) or not all(_is_number(row[columns[kind]]) for kind in numeric):
        return {}
    return columns


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
