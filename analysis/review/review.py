"""A review: photos, and what a person said about their detections; kept as review.json, see docs/review.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import accumulate
from math import isfinite
from pathlib import Path
from typing import Self

from analysis.review.answers import Answer, highest_item

FORMAT = "packed-scenes-review"
VERSION = 1

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class ReviewedPhoto:
    """A photo by what identifies it, and its detections.

    Attributes:
        file: Name of the file, without folders.
        bytes: Size of the file.
        sha256: Hash of the file's content.
        width: Pixels after EXIF orientation.
        height: Pixels after EXIF orientation.
        boxes: Each detection's x1, y1, x2, y2 in pixels.
    """

    file: str
    bytes: int
    sha256: str
    width: int
    height: int
    boxes: tuple[Box, ...]

    @classmethod
    def of(cls, path: Path, size: tuple[int, int], boxes: Sequence[Sequence[float]]) -> Self:
        """Return a photo's identity.

        Args:
            path: The photo's file.
            size: Width and height in pixels after EXIF orientation.
            boxes: Each detection's x1, y1, x2, y2 in pixels.
        """
        content = path.read_bytes()
        return cls(path.name, len(content), hashlib.sha256(content).hexdigest(), *size, _boxes(boxes))


@dataclass(frozen=True)
class Review:
    """What a person said about the detections of photos.

    Attributes:
        photos: The photos; detections are numbered through all of them, those of the first photo first.
        answers: What was said, in order.
        across_photos: Whether the photos were grouped together.

    Raises:
        ValueError: If an answer is about a detection that no photo has.
    """

    photos: tuple[ReviewedPhoto, ...]
    answers: tuple[Answer, ...] = ()
    across_photos: bool = False

    def __post_init__(self) -> None:
        if highest_item(self.answers) >= self.starts[-1]:
            raise ValueError(f"an answer is about detection {highest_item(self.answers)} of {self.starts[-1]}")

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Number of the first detection of each photo, and last the number of all."""
        return tuple(accumulate((len(photo.boxes) for photo in self.photos), initial=0))

    def of_photo(self, place: int) -> tuple[Answer, ...]:
        """Return the answers about one photo, its detections numbered from 0: for photos that are grouped apart."""
        start, end = self.starts[place : place + 2]
        moved = (answer.moved({item: item - start for item in range(start, end)}) for answer in self.answers)
        return tuple(answer for answer in moved if answer is not None)

    def to_json(self) -> str:
        """Return the content of review.json."""
        places = [[photo, box] for photo, item in enumerate(self.photos) for box in range(len(item.boxes))]
        plain = {
            "format": FORMAT,
            "version": VERSION,
            "across_photos": self.across_photos,
            "photos": [asdict(photo) for photo in self.photos],
            "answers": [_plain(answer, places) for answer in self.answers],
        }
        return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str, source: str) -> Self:
        """Return the review that a file holds.

        Args:
            text: Its content.
            source: The file, for messages.

        Raises:
            ValueError: If it is no review, of a later version, or broken; the message names the file and the place.
        """
        try:
            plain = json.loads(text)
        except ValueError as error:
            raise ValueError(f"{source} is not JSON: {error}; save the review again from its page") from error
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            raise ValueError(f"{source} is not a review: its format is not {FORMAT!r}; give a file saved by the page")
        if plain.get("version") != VERSION:
            raise ValueError(f"{source}: this project reads version {VERSION}, got {plain.get('version')!r}; update it")
        place = "photos"
        try:
            photos = tuple(_photo(item) for item in plain["photos"])
            starts = [0, *accumulate(len(photo.boxes) for photo in photos)]
            answers, place = [], "answers"
            for number, item in enumerate(plain["answers"]):
                place = f"answers[{number}]"
                answers.append(_answer(item, starts))
            return cls(photos, tuple(answers), bool(plain.get("across_photos", False)))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            what = f"{error} is missing" if isinstance(error, KeyError) else error
            raise ValueError(f"{source}: {place} cannot be read: {what}") from error


def _plain(answer: Answer, places: list[list[int]]) -> dict[str, object]:
    plain: dict[str, object] = {"says": answer.says, "items": [places[item] for item in answer.items]}
    if answer.others:
        plain["others"] = [places[item] for item in answer.others]
    if answer.name:
        plain["name"] = answer.name
    return plain


def _photo(plain: Mapping[str, object]) -> ReviewedPhoto:
    photo = ReviewedPhoto(**{**plain, "boxes": _boxes(plain["boxes"])})  # type: ignore[arg-type]
    if not all(isinstance(value, int) for value in (photo.bytes, photo.width, photo.height)):
        raise ValueError(f"bytes, width and height of {photo.file!r} must be whole numbers")
    if not (isinstance(photo.file, str) and isinstance(photo.sha256, str)):
        raise ValueError(f"file and sha256 must be texts, got {photo.file!r} and {photo.sha256!r}")
    return photo


def _boxes(rows: object) -> tuple[Box, ...]:
    boxes = tuple(tuple(float(value) for value in row) for row in rows)  # type: ignore[attr-defined]
    for box in boxes:
        if len(box) != 4 or not (isfinite(sum(box)) and box[0] < box[2] and box[1] < box[3]):
            raise ValueError(f"boxes must be lists of x1, y1, x2, y2 with x1 < x2 and y1 < y2, got {list(box)}")
    return boxes  # type: ignore[return-value]


def _answer(plain: Mapping[str, object], starts: list[int]) -> Answer:
    unknown = set(plain) - {"says", "items", "others", "name"}
    if unknown:
        raise ValueError(f"unknown key {min(unknown)!r}")
    if not isinstance(plain.get("name", ""), str):
        raise ValueError(f"a name must be a text, got {plain['name']!r}")
    sides = [[_item(place, starts) for place in plain.get(key, ())] for key in ("items", "others")]  # type: ignore[attr-defined]
    return Answer(plain["says"], tuple(sides[0]), tuple(sides[1]), plain.get("name", ""))  # type: ignore[arg-type]


def _item(place: Sequence[int], starts: list[int]) -> int:
    photo, box = place
    if not (0 <= photo < len(starts) - 1 and 0 <= box < starts[photo + 1] - starts[photo]):
        raise ValueError(f"there is no box {box} of photo {photo}")
    return starts[photo] + box
