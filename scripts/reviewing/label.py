"""Labelled photos to train on, from reviews."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from omegaconf import DictConfig

from inference.grouper import Grouper
from scripts.cli.mistakes import print_warnings
from scripts.reviewing.box_files import LabelledPhoto, write_coco, write_voc
from scripts.reviewing.grouping import ReviewedGroups
from scripts.reviewing.products import products_of
from scripts.reviewing.reviewed_photos import FoundPhotos, group_reviewed, photos_folder
from scripts.reviewing.written_files import rewritten


def run(cfg: DictConfig) -> None:
    """Write copies of the reviewed photos with their boxes, and print what was written.

    Raises:
        FileNotFoundError: If there is no review, or none of the photos.
        ValueError: If a review or a photo cannot be read, the output is the photos' folder, or it holds a file of the
            same name that no earlier run wrote.
    """
    output, folder = Path(cfg.output), photos_folder(cfg.answers, cfg.photos)
    if output.resolve() == folder.resolve():
        raise ValueError(f"output={output} is the folder of the photos, whose boxes it may overwrite: type another one")
    reviewed, found = group_reviewed(Grouper.load(cfg.checkpoint), cfg.answers, folder, leave_out=output)
    names = names_in_output(found)
    products = products_of(reviewed, [Path(name).with_suffix("").as_posix() for name in names], cfg.confirmed_only)
    photos = [LabelledPhoto(name, photo, own) for name, photo, own in zip(names, found.reviewed, products, strict=True)]
    # A photo that is gone may have no other copy than that of an earlier run.
    with rewritten(output, keep_old=bool(found.notes)) as unfinished:
        for photo, file in zip(photos, found.files, strict=True):
            write_voc(photo, (unfinished / photo.name).with_suffix(".xml"))
            shutil.copyfile(file, unfinished / photo.name)
        write_coco(photos, unfinished / "coco.json")
    print_warnings(_doubts(reviewed))
    print(_summary(photos, output))


def _doubts(reviewed: ReviewedGroups) -> list[str]:
    """Return what a person should know before training on the labels."""
    unnamed = any(not all(groups.names or [""]) for groups in reviewed.groupings)
    if len(reviewed.groupings) < 2 or reviewed.review.across_photos or not unnamed:
        return []
    return [
        "the photos were reviewed one by one: a product without a name that stands in two of them is two products "
        "here; name it, or group with across_photos=true and review that"
    ]


def _summary(photos: Sequence[LabelledPhoto], output: Path) -> str:
    named = [name for photo in photos for name in photo.products if name]
    unknown = sum(len(photo.products) for photo in photos) - len(named)
    return (
        f"wrote {len(photos)} photo(s) with {len(named)} boxes of {len(set(named))} products and {unknown} unknown "
        f"ones to {output}: Pascal VOC beside each photo, and COCO in {output / 'coco.json'}\n"
        f"next: python train.py data=photos data.root={output}"
    )


def names_in_output(found: FoundPhotos) -> list[str]:
    """Return what each photo is called below the output: its path, the suffix twice where others share the rest."""
    paths = [file.relative_to(found.folder) for file in found.files]
    stems = [path.with_suffix("") for path in paths]
    return [
        (path if stems.count(stem) == 1 else stem.with_name(f"{path.name}{path.suffix}")).as_posix()
        for path, stem in zip(paths, stems, strict=True)
    ]
