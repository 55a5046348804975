"""The work on many photos, by all cores: what is written of each, and the page of all."""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import numpy as np
from rich.progress import track

from analysis.review.answers import Answer
from analysis.shelf.share import Share
from datamodules.box_files.placing.orientation import Photo
from datamodules.workers import mapped, usable_cores
from inference.grouper import Grouper
from inference.groups import Groups
from scripts.group_output.entries import elsewhere_of
from scripts.group_output.many.index import PICTURE, Card, write_index, write_picture
from scripts.group_output.page import AmongMany, write_group_page
from scripts.group_output.page_photo import PagePhoto, counted
from scripts.pages.review.content import MAX_DETECTIONS, PageReview, page_review

# More photos than this would make one page slow to open and hard to send.
MOST_ON_ONE_PAGE = 30
_AT_ONCE = 4
WritePhoto = Callable[[Groups, Path, Mapping[int, int]], PagePhoto]


@dataclass(frozen=True)
class _Job:
    """One photo and all that its files depend on.

    Attributes:
        grouping: What was found.
        folder: Where its files go.
        among: What it has in common with other photos.
        store: What its groups have of all photos' shelves.
        review: What a person may correct on its page, or why nothing; None where photos were grouped together.
    """

    grouping: Groups
    folder: Path
    among: AmongMany
    store: list[Share]
    review: PageReview | str | None


def fit_one_page(groupings: Sequence[Groups], across_photos: bool) -> bool:
    """Return whether photos go on one page: few do, and those that can be reviewed together."""
    num_items = sum(map(len, groupings))
    return len(groupings) <= MOST_ON_ONE_PAGE or (across_photos and num_items <= MAX_DETECTIONS)


def write_pages(
    groupings: Sequence[Groups],
    folders: Sequence[Path],
    output: Path,
    styles: Sequence[Mapping[int, int]],
    write: WritePhoto,
    store: Sequence[Share],
    reviews: Sequence[PageReview | str | None],
) -> None:
    """Write each photo's files and page into its folder, and the page of all photos.

    Args:
        groupings: What was found in each photo.
        folders: A folder per photo.
        output: Folder of index.html.
        styles: Style of each photo's groups.
        write: Writes a photo's other files.
        store: What each group has of all photos' shelves; empty where groups are not numbered in common.
        reviews: What a person may correct on each page.
    """
    in_all = {share.cluster: share for share in store}
    pages = [quote(os.path.relpath(folder / "index.html", output).replace(os.sep, "/")) for folder in folders]
    counts = [Counter(grouping.labels[grouping.labels >= 0].tolist()) for grouping in groupings]
    names = [grouping.scene.name for grouping in groupings]
    elsewhere = elsewhere_of(names, counts, pages) if store else [{} for _ in names]
    jobs = [
        _Job(
            grouping,
            folder,
            AmongMany(os.path.relpath(output, folder).replace(os.sep, "/") + "/", looks, others),
            [in_all[group] for group in own if group in in_all],
            review,
        )
        for grouping, folder, looks, others, own, review in zip(
            groupings, folders, styles, elsewhere, counts, reviews, strict=True
        )
    ]
    with mapped(_Writer(output, write), jobs, usable_cores(), _AT_ONCE) as results:
        cards = list(track(results, "Writing results", len(jobs), transient=True))
    write_index(cards, output / "index.html", bool(store))


@dataclass(frozen=True)
class _Writer:
    """Writes a photo's files; a class, for processes are handed no closures."""

    output: Path
    write: WritePhoto

    def __call__(self, job: _Job) -> Card:
        photo = self.write(job.grouping, job.folder, job.among.styles)
        path, name = job.folder / "index.html", job.grouping.scene.name
        write_group_page([photo], path, review=job.review, store=job.store, among=job.among)
        width, height = write_picture(photo.picture, job.folder)
        groups = np.unique(job.grouping.labels[job.grouping.labels >= 0]).tolist()
        extent = f"{counted(len(job.grouping), 'item')}, {counted(len(groups), 'group')}"
        page, picture = (
            quote(os.path.relpath(job.folder / file, self.output).replace(os.sep, "/"))
            for file in ("index.html", PICTURE)
        )
        return Card(name, page, picture, width, height, extent, groups)


def reviews_of(groupings: Sequence[Groups], grouper: Grouper, answers: Sequence[Answer]) -> list[PageReview | str]:
    """Return what a person may correct of photos that were grouped one by one, or why nothing, each on its own page.

    Args:
        groupings: What was found in each photo.
        grouper: What found it.
        answers: What a person has said so far, the detections numbered through all photos.
    """
    reviews: list[PageReview | str] = []
    start = 0
    for grouping in groupings:
        assert grouping.scene.photo is not None, "only scenes with a photo are written"
        own = [_moved(answer, start) for answer in answers if start <= answer.items[0] < start + len(grouping)]
        reviews.append(page_review([grouping], [Photo.open(grouping.scene.photo).size], grouper, False, own))
        start += len(grouping)
    return reviews


def _moved(answer: Answer, start: int) -> Answer:
    items, others = (tuple(item - start for item in part) for part in (answer.items, answer.others))
    return replace(answer, items=items, others=others)
