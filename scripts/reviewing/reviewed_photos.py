"""The photos that reviews are of, found again by their content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.review.review import Review, ReviewedPhoto
from datamodules.pictures import pictures_below
from inference.grouper import Grouper
from scripts.cli.mistakes import print_warnings
from scripts.reviewing.files import are_together, read_reviews
from scripts.reviewing.grouping import ReviewedGroups, with_answers


@dataclass(frozen=True)
class FoundPhotos:
    """Reviewed photos that are there.

    Attributes:
        folder: The folder in which they were looked for.
        files: The file of each photo.
        reviewed: The same photos with the boxes that they were last reviewed with.
        notes: What was not found.
    """

    folder: Path
    files: list[Path]
    reviewed: list[ReviewedPhoto]
    notes: tuple[str, ...] = ()


def photos_folder(answers: str, photos: str | None) -> Path:
    """Return the folder in which reviewed photos are looked for: by default that of the answers."""
    place = Path(answers)
    return Path(photos) if photos is not None else place if place.is_dir() else place.parent


def group_reviewed(
    grouper: Grouper, answers: str, folder: Path, leave_out: Path | None = None
) -> tuple[ReviewedGroups, FoundPhotos]:
    """Group the photos that reviews are of with all answers, and print what of them is lost.

    Args:
        grouper: What groups.
        answers: A review or a folder of them.
        folder: Where the photos lie.
        leave_out: A folder in which they are not looked for.

    Raises:
        FileNotFoundError: If there is no review, or none of the photos.
        ValueError: If a review or a photo cannot be read.
    """
    reviews = read_reviews(answers)
    found = find_reviewed(reviews, folder, leave_out)
    boxes = [photo.boxes for photo in found.reviewed]
    across_photos = are_together(reviews)
    groupings = grouper.group_photos(found.files, boxes, across_photos)
    reviewed = with_answers(grouper, groupings, reviews, across_photos)
    print_warnings((*found.notes, *reviewed.notes))
    return reviewed, found


def find_reviewed(reviews: Mapping[str, Review], folder: Path, leave_out: Path | None = None) -> FoundPhotos:
    """Return the photos of reviews, whatever they are called today.

    Args:
        reviews: The reviews by their files.
        folder: Where the photos lie, nested folders too.
        leave_out: A folder in which they are not looked for.

    Raises:
        FileNotFoundError: If there is no such folder, or none of the photos in it.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"photos: there is no folder {folder}")
    # The boxes of the later review count; answers about earlier ones are matched with them.
    wanted = {photo.sha256: photo for review in reviews.values() for photo in review.photos}
    sizes = {photo.bytes for photo in wanted.values()}
    found: dict[str, Path] = {}
    for file in pictures_below(folder).files:
        if file.stat().st_size in sizes and not (leave_out and leave_out.resolve() in file.resolve().parents):
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            if content in wanted and (content not in found or file.name == wanted[content].file):
                found[content] = file
    missing = [photo.file for content, photo in wanted.items() if content not in found]
    names = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")
    if len(missing) == len(wanted):
        raise FileNotFoundError(
            f"none of the reviewed photos is in {folder}: {names or 'the reviews hold none'}; type photos=FOLDER"
        )
    notes = (f"{len(missing)} of {len(wanted)} reviewed photos are not in {folder}: {names}",) if missing else ()
    return FoundPhotos(folder, list(found.values()), [wanted[content] for content in found], notes)
