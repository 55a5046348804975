"""What all reviews together say about today's photos and boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.review.answers import Answer, name_key
from analysis.review.changed_boxes import CarriedOver, carry_over
from analysis.review.review import Review, ReviewedPhoto
from analysis.review.settled import Contradiction, settle
from scripts.reviewing.files import are_together


def carry_all_over(reviews: Mapping[str, Review], photos: Sequence[ReviewedPhoto]) -> CarriedOver:
    """Return the answers of all reviews about the boxes that photos have today, those of later reviews last.

    Args:
        reviews: The reviews by their files.
        photos: Today's photos and boxes.

    Raises:
        ValueError: If no review is of one of the photos.
    """
    answers: list[Answer] = []
    notes, refused = [], []
    for file, review in reviews.items():
        try:
            found = carry_over(review, photos)
        except ValueError as error:
            refused.append(f"{file}: {error}")
            continue
        answers += found.review.answers
        notes += [f"{file}: {note}" for note in found.notes]
    if len(refused) == len(reviews):
        more = f"; and {len(refused) - 1} more reviews are of other photos" if len(refused) > 1 else ""
        raise ValueError(refused[0] + more)
    if refused:
        notes.append(f"{len(refused)} of {len(reviews)} reviews were not used; {refused[0]}")
    # One name is one product, in whatever photo: the last spelling counts for all.
    spelling = {name_key(answer.name): answer.name for answer in answers}
    spelled = tuple(replace(answer, name=spelling[name_key(answer.name)]) for answer in answers)
    review = Review(tuple(photos), spelled, are_together(reviews))
    return CarriedOver(review, (*notes, *_contradictions(review), *_spellings(answers)))


def _contradictions(review: Review) -> list[str]:
    """Return a line for each answer of which something is not kept."""
    lost: dict[int, list[Contradiction]] = {}
    for item in settle(review.answers, review.starts[-1]).contradictions:
        lost.setdefault(item.answer, []).append(item)
    return [_contradiction(review, place, items) for place, items in lost.items()]


def _contradiction(review: Review, place: int, items: Sequence[Contradiction]) -> str:
    answer, first = review.answers[place], items[0]
    one, two = (_place_of(review, item) for item in first.items)
    said = f"name {answer.name!r}" if answer.says == "name" else answer.says
    more = f"; so with {len(items) - 1} more pairs of this answer" if len(items) > 1 else ""
    return f"the answer {said} about {one} and {two} is not kept: {first.reason}{more}"


def _place_of(review: Review, item: int) -> str:
    place = next(number for number, start in enumerate(review.starts[1:]) if item < start)
    return f"box {item - review.starts[place]} of {review.photos[place].file}"


def _spellings(answers: Sequence[Answer]) -> list[str]:
    """Return a line for each name that is spelled in several ways."""
    spelled: dict[str, list[str]] = {}
    for name in (answer.name for answer in answers if answer.name):
        spellings = spelled.setdefault(name_key(name), [])
        # The last one counts, so it stands last.
        spellings[:] = [*(other for other in spellings if other != name), name]
    return [
        f"{', '.join(map(repr, names[:-1]))} and {names[-1]!r} are one name, written {names[-1]!r}"
        for names in spelled.values()
        if len(names) > 1
    ]
