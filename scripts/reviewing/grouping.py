"""Groups of photos with the answers of reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.review.review import Review, ReviewedPhoto
from datamodules.box_files.placing.orientation import Photo
from inference.grouper import Grouper
from inference.groups import Groups
from inference.reviewed_groups import regroup
from scripts.reviewing.carried import carry_all_over


@dataclass(frozen=True)
class ReviewedGroups:
    """Photos that were grouped with a person's answers.

    Attributes:
        groupings: The groups of each photo.
        review: The answers about these photos and boxes.
        notes: What of the answers could not be kept, a sentence each.
    """

    groupings: list[Groups]
    review: Review
    notes: tuple[str, ...]


def with_answers(
    grouper: Grouper, groupings: Sequence[Groups], reviews: Mapping[str, Review], across_photos: bool
) -> ReviewedGroups:
    """Return the groups of photos with all that was said of them.

    Args:
        grouper: What found the groups.
        groupings: The groups without answers.
        reviews: The reviews by their files.
        across_photos: Whether all photos are grouped together.

    Raises:
        ValueError: If no review is of one of the photos, or the clustering has no distance threshold.
    """
    found = carry_all_over(reviews, [_identity(groups) for groups in groupings])
    return ReviewedGroups(regroup(grouper, groupings, found.review, across_photos), found.review, found.notes)


def _identity(groups: Groups) -> ReviewedPhoto:
    scene = groups.scene
    assert scene.photo is not None, "only photos are reviewed"
    assert scene.boxes is not None, "only boxes are reviewed"
    return ReviewedPhoto.of(scene.photo, Photo.open(scene.photo).size, scene.boxes.tolist())
