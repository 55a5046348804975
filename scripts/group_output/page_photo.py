"""What the page knows of one photo: its record, its picture, and the groups read from them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from PIL import Image

from datamodules.pictures import read_picture
from scripts.group_output.record import DetectionRecord, GroupsRecord

# Detections in no group; they are listed like a group of their own.
ALONE = -1


@dataclass(frozen=True)
class Group:
    """Detections of one photo that show one product.

    Attributes:
        number: The cluster, or ALONE for all detections in none.
        detections: Their entries in the record.
        num_places: How many congregations they form.
    """

    number: int
    detections: list[DetectionRecord]
    num_places: int

    @property
    def product(self) -> str:
        """The name of its product, empty if it has none."""
        return "" if self.number == ALONE else self.detections[0].get("name", "")

    @property
    def name(self) -> str:
        """What the group is called in a sentence."""
        named = f", {self.product}" if self.product else ""
        return "Alone" if self.number == ALONE else f"Group {self.number}{named}"

    @property
    def extent(self) -> str:
        """How much of it there is, in words."""
        items = counted(len(self.detections), "item")
        return items if self.number == ALONE else f"{items} in {counted(self.num_places, 'place')}{self._naming}"

    @property
    def _naming(self) -> str:
        """How sure its name is, where names were looked for and no person gave it."""
        sure = self.detections[0].get("name_confidence", 1.0)
        if not self.product and sure < 1:
            return ", unknown product"
        return f", name {sure:.0%} sure" if sure < 1 else ""


@dataclass(frozen=True)
class PagePhoto:
    """One photo of the page.

    Attributes:
        record: The content of groups.json.
        source: The photo after EXIF orientation, RGB, of the size in the record; or its file, so that a page of many
            photos holds one of them in memory at a time.
        measures: Names and values of what was measured against a known grouping, if any is known.

    Raises:
        ValueError: If picture and record differ in size.
    """

    record: GroupsRecord
    source: Image.Image | Path
    measures: dict[str, float] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.source, Image.Image):
            _check_size(self.source, self.size, self.name)

    @property
    def picture(self) -> Image.Image:
        """The photo itself."""
        if isinstance(self.source, Image.Image):
            return self.source
        picture = read_last(self.source)
        _check_size(picture, self.size, self.name)
        return picture

    @property
    def name(self) -> str:
        """The photo's file name."""
        return str(self.record["photo"]["file"])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.record["photo"]["width"], self.record["photo"]["height"]

    @cached_property
    def groups(self) -> list[Group]:
        """The groups with items in this photo, by number, and last the items alone, if there are any."""
        members: dict[int, list[DetectionRecord]] = {}
        for detection in self.record["detections"]:
            members.setdefault(detection["cluster"], []).append(detection)
        places = Counter(congregation["cluster"] for congregation in self.record["congregations"])
        # The record's own list of clusters may count all photos, so this photo's items are counted here.
        return [
            Group(number, members[number], places[number])
            for number in sorted(members, key=lambda number: (number == ALONE, number))
        ]

    @property
    def extent(self) -> str:
        """How much the photo holds, in words."""
        num_items, num_places = len(self.record["detections"]), len(self.record["congregations"])
        num_groups = sum(group.number != ALONE for group in self.groups)
        num_alone = sum(len(group.detections) for group in self.groups if group.number == ALONE)
        words = f"{counted(num_items, 'item')}, {counted(num_groups, 'group')} in {counted(num_places, 'place')}"
        return f"{words}, {num_alone} alone" if num_alone else words


@lru_cache(maxsize=1)
def read_last(path: Path) -> Image.Image:
    """Read a photo, or return it again if it was the last one read."""
    return read_picture(path)


def _check_size(picture: Image.Image, size: tuple[int, int], name: str) -> None:
    if picture.size != size:
        # Most likely the picture was read without its EXIF turn, and every area would lie wrong.
        found, told = ("x".join(map(str, pair)) for pair in (picture.size, size))
        raise ValueError(f"{name}: the picture is {found} pixels, but its record says {told}")


def share_numbers(photos: Sequence[PagePhoto]) -> bool:
    """Return whether a group's number means the same product in all these photos."""
    return all(photo.record.get("across_photos") for photo in photos)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it belongs."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
