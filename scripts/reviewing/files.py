"""Reading reviews from files."""

from collections.abc import Mapping
from pathlib import Path

from analysis.review.review import FORMAT, Review
from inference.inputs import by_number


def read_reviews(place: str | Path) -> dict[str, Review]:
    """Return the review of a file, or all reviews of a folder by their files, in the order of their names.

    ``review.json`` comes before ``review (1).json``, as browsers name what is saved again. Other JSON files in the
    folder, such as box files, are passed over.

    Raises:
        FileNotFoundError: If there is no such file or folder, or no review in it.
        ValueError: If a review cannot be read; the message names it.
    """
    path = Path(place)
    if path.is_file():
        return {str(path): Review.from_json(_text(path), str(path))}
    if not path.is_dir():
        raise FileNotFoundError(f"answers: there is no file or folder {path}")
    files = sorted(path.rglob("*.json"), key=lambda file: by_number(file.with_suffix("")))
    texts = {str(file): _text(file) for file in files if file.is_file() and FORMAT.encode() in file.read_bytes()}
    if not texts:
        raise FileNotFoundError(f"answers: there is no review in {path}; save one from the page of scripts.group")
    return {file: Review.from_json(text, file) for file, text in texts.items()}


def are_together(reviews: Mapping[str, Review]) -> bool:
    """Return whether photos are to be grouped together, as somebody who reviewed them did."""
    return any(review.across_photos for review in reviews.values())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not a review: it is no text in UTF-8 ({error.reason})") from error
