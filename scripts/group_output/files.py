"""What the group command writes: the files of every photo, and the page of all."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from rich.progress import track

from analysis.figures.overlay import overlay_figure
from analysis.figures.styles import assign_styles
from analysis.review.answers import Answer
from analysis.shelf.share import Share, store_shares
from analysis.whole_file import whole_file, write_text
from datamodules.crops import cut
from inference.grouper import Grouper
from inference.groups import Groups
from scripts.group_output.crop_names import crop_names
from scripts.group_output.many.photo_files import fit_one_page, reviews_of, write_pages
from scripts.group_output.page import write_group_page
from scripts.group_output.page_photo import PagePhoto, read_last
from scripts.group_output.record import DetectionRecord, GroupsRecord, as_record
from scripts.group_output.summary import MEASURE_TITLES
from scripts.pages.csv_table import write_csv
from scripts.pages.review.content import page_review

COLUMNS = ("id", "x1", "y1", "x2", "y2", "cluster", "congregation", "row", "pass", "confidence")
SHELF_COLUMNS = ("photo", "cluster", "row", "facings", "facings_wide", "share")
# Stands for all rows of a photo and for all photos.
_ALL = "all"


def write_all(
    groupings: Sequence[Groups],
    folders: Sequence[Path],
    output: Path,
    grouper: Grouper,
    across_photos: bool,
    save_crops: bool,
    answers: Sequence[Answer] = (),
) -> None:
    """Write each photo's files into its folder and the page of all photos into `output`.

    Args:
        groupings: What was found in each photo.
        folders: A folder per photo.
        output: Folder of index.html.
        grouper: What found the groups, which the page goes on with.
        across_photos: Whether cluster numbers are shared between photos.
        save_crops: Whether to write each detection's crop.
        answers: What a person has said so far, its detections numbered through all photos.
    """
    groups = [np.unique(grouping.labels[grouping.labels >= 0]).tolist() for grouping in groupings]
    styles = assign_styles(groups) if across_photos else [assign_styles([own])[0] for own in groups]
    store = store_shares([grouping.layout for grouping in groupings]) if across_photos else []
    _write_shelf(groupings, store, output / "shelf.csv")
    write = partial(_write_photo, across_photos=across_photos, save_crops=save_crops)
    if not fit_one_page(groupings, across_photos):
        reviews = [None] * len(groupings) if across_photos else reviews_of(groupings, grouper, answers)
        write_pages(groupings, folders, output, styles, write, store, reviews)
        return
    shown = track(
        list(zip(groupings, folders, styles, strict=True)), "Writing results", transient=True, disable=len(groups) < 2
    )
    photos = [write(*parts) for parts in shown]
    review = page_review(groupings, [photo.size for photo in photos], grouper, across_photos, answers)
    write_group_page(photos, output / "index.html", review=review, store=store)


def _write_shelf(groupings: Sequence[Groups], store: Sequence[Share], path: Path) -> None:
    """Write a line for each group of each photo, for each of its rows, and for each group of the store.

    Args:
        groupings: What was found in each photo.
        store: What each group has of all photos together; empty where their groups are not numbered in common.
        path: The file.
    """
    lines = [_line(_ALL, _ALL, share) for share in store]
    for grouping in groupings:
        name, layout = grouping.scene.name, grouping.layout
        lines += [_line(name, _ALL, share) for share in layout.by_group()]
        lines += [_line(name, share.rows[0], share) for share in layout.by_row()]
    write_csv(path, SHELF_COLUMNS, lines)


def _line(photo: str, row: int | str, share: Share) -> list[object]:
    return [photo, share.cluster, row, share.facings, share.facings_wide, round(share.share, 4)]


def _write_photo(
    grouping: Groups, folder: Path, styles: Mapping[int, int], across_photos: bool, save_crops: bool
) -> PagePhoto:
    """Write one photo's files; what is returned holds no pixels."""
    path = grouping.scene.photo
    assert path is not None, "only scenes with a photo are written"
    picture = read_last(path)
    record = write_groups(grouping, picture, folder, across_photos, styles)
    if save_crops:
        write_crops(grouping, picture, folder)
    found = grouping.measures()
    measures = None if found is None else {title: found[name] for name, title in MEASURE_TITLES.items()}
    return PagePhoto(record, path, measures)


def write_groups(
    grouping: Groups,
    photo: Image.Image,
    folder: Path,
    across_photos: bool = False,
    styles: Mapping[int, int] | None = None,
) -> GroupsRecord:
    """Write groups.json, groups.csv and overlay.png into a folder, which is made, and return the record.

    Args:
        grouping: What was found.
        photo: The photo after EXIF orientation.
        folder: Where the files go.
        across_photos: Whether cluster numbers are shared with other photos.
        styles: Style of each cluster in the overlay; None for those of this photo alone.
    """
    record = as_record(grouping, photo.size, across_photos)
    write_text(folder / "groups.json", _as_json(record))
    _write_table(record["detections"], folder / "groups.csv")
    scene = grouping.scene
    assert scene.boxes is not None, "only scenes with boxes are written"
    parts = (photo, scene.boxes, grouping.labels, grouping.congregations)
    figure = overlay_figure(*parts, title=scene.name, styles=styles, names=grouping.group_names)
    with whole_file(folder / "overlay.png") as unfinished:
        # More effort makes the picture a sixth smaller and doubles the time of saving it.
        figure.savefig(unfinished, pil_kwargs={"compress_level": 1})
    return record


def write_crops(grouping: Groups, photo: Image.Image, folder: Path) -> None:
    """Write each detection as `crops/CLUSTER/ID.jpg`; those alone go to `crops/alone`."""
    scene = grouping.scene
    assert scene.boxes is not None, "only scenes with boxes are written"
    for name, box, cluster in zip(crop_names(scene.ids), scene.boxes, grouping.labels, strict=True):
        path = folder / "crops" / (str(cluster) if cluster >= 0 else "alone") / f"{name}.jpg"
        # There may be thousands of them, and they can be made again.
        with whole_file(path, durable=False) as unfinished:
            cut(photo, box, scene.name).save(unfinished, quality=92)


def _as_json(record: GroupsRecord) -> str:
    """Return a record with a line per detection, cluster and congregation: indented, it is twice as long to write."""
    parts = []
    for key, value in record.items():
        lines = ",\n  ".join(map(json.dumps, value)) if isinstance(value, list) else ""
        parts.append(f' "{key}": ' + (f"[\n  {lines}\n ]" if lines else json.dumps(value)))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _write_table(detections: Sequence[DetectionRecord], path: Path) -> None:
    named = [column for column in ("name", "name_confidence") if any(column in item for item in detections)]
    columns = (*COLUMNS, *named)
    rows = ([item["id"], *item["box"], *(item.get(column, "") for column in columns[5:])] for item in detections)
    write_csv(path, columns, rows)
