"""Which column of a table holds what, by the titles of its coordinates."""

import re
from dataclasses import dataclass

X, Y = ("x", "left", "xmin", "x1", "xtl", "topleftx"), ("y", "top", "ymin", "y1", "ytl", "toplefty")
WIDTH, HEIGHT = ("width", "w"), ("height", "h")
CENTER = (
    ("cx", "xcenter", "centerx", "xcentre", "centrex", "xc"),
    ("cy", "ycenter", "centery", "ycentre", "centrey", "yc"),
)
# What the four numbers of each layout are called, as compacted; the layout named first is taken.
COORDINATES = (
    ("corners", (("x0",), ("y0",), ("x1",), ("y1",))),
    (
        "corners",
        (
            ("x1", "xmin", "left", "xtl", "minx", "topleftx"),
            ("y1", "ymin", "top", "ytl", "miny", "toplefty"),
            ("x2", "xmax", "right", "xbr", "maxx", "bottomrightx"),
            ("y2", "ymax", "bottom", "ybr", "maxy", "bottomrighty"),
        ),
    ),
    ("cxcywh", (*CENTER, WIDTH, HEIGHT)),
    ("xywh", (X, Y, WIDTH, HEIGHT)),
)
# One column that holds all four numbers, and their layout; COCO's order is the usual one where the title does not say.
LISTS = {"bbox": "xywh", "box": "xywh", "boundingbox": "xywh", "xywh": "xywh", "xyxy": "corners", "cxcywh": "cxcywh"}
PREFIX = re.compile(r"^(?:bbox|box|bndbox|boundingbox|rect|region|roi)(?=[a-z0-9])")
IDS = ("id", "boxid", "detectionid", "annotationid", "annid")
LABELS = ("label", "product", "classname", "labelname", "name", "category", "class", "sku", "productid", "productname",
          "categoryname", "categoryid", "classid", "labelid", "cls", "tag", "upc", "gtin", "ean", "brand")  # fmt: skip
SIZES = (
    ("imagewidth", "imgwidth", "photowidth", "picturewidth", "width"),
    ("imageheight", "imgheight", "photoheight", "pictureheight", "height"),
)
FOUR = ("a", "b", "c", "d")


@dataclass(frozen=True)
class Columns:
    """Which column holds what.

    Attributes:
        of: Position of each kind: ``a b c d`` for the four numbers, or ``list`` for a column of all four; ``label``,
            ``id``, ``width`` and ``height`` where there are such.
        layout: What the four numbers are.
        scale: What they count.
        sure_size: Whether width and height can only be the photo's.
        title: The columns in words, where there is no header.
    """

    of: dict[str, int]
    layout: str
    scale: str = "pixels"
    sure_size: bool = False
    title: str = ""

    @property
    def coordinates(self) -> list[int]:
        """The positions of the columns with the four numbers."""
        return [self.of[kind] for kind in ("list", *FOUR) if kind in self.of]


def compact(title: str) -> str:
    """Return a title in lower case without blanks and signs: x_min, xMin and X Min are one."""
    return re.sub(r"[\W_]+", "", title.strip().lower())


def columns_of_header(row: list[str]) -> Columns | None:
    """Return which column holds what by a header; None if it names no box."""
    plain = {compact(title): place for place, title in reversed(list(enumerate(row)))}
    # bbox_width is the box's, whatever width is.
    boxes = {PREFIX.sub("", title): place for title, place in plain.items() if PREFIX.match(title)}
    known = plain | boxes
    for layout, kinds in COORDINATES:
        found = [next((known[title] for title in titles if title in known), None) for titles in kinds]
        places = [place for place in found if place is not None]
        if len(places) == 4:
            return _with_others(dict(zip(FOUR, places, strict=True)), layout, plain)
    title = next((title for title in LISTS if title in plain), None)
    return None if title is None else _with_others({"list": plain[title]}, LISTS[title], plain)


def missing_corners(row: list[str]) -> list[str]:
    """Return the corners that a header lacks, empty if it names none at all."""
    titles = {compact(title) for title in row}
    kinds = COORDINATES[1][1]
    lacking = [" or ".join(known[:2]) for known in kinds if titles.isdisjoint(known)]
    return lacking if len(lacking) < 4 and len(row) > 1 else []


def _with_others(of: dict[str, int], layout: str, plain: dict[str, int]) -> Columns:
    taken = set(of.values())
    others = {"label": LABELS, "id": IDS, "width": SIZES[0], "height": SIZES[1]}
    sure = "imagewidth" in plain or "imgwidth" in plain
    for kind, titles in others.items():
        place = next((plain[title] for title in titles if title in plain and plain[title] not in taken), None)
        if place is not None:
            of[kind] = place
    if "width" not in of or "height" not in of:
        of = {kind: place for kind, place in of.items() if kind not in ("width", "height")}
    # Open Images writes shares under the titles of pixels; its whole header says that it is that.
    shares = plain.keys() >= {"imageid", "source", "labelname", "confidence", "xmin"}
    return Columns(of, layout, "shares" if shares else "pixels", sure)
