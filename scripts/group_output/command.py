"""The work of scripts.group."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from omegaconf import DictConfig

from analysis.review.answers import Answer
from datamodules.box_files import Convention
from inference.grouper import Grouper
from inference.groups import Groups
from inference.inputs import find_photos
from scripts.cli.mistakes import print_warnings
from scripts.cli.process import release_freed_memory
from scripts.group_output.files import write_all
from scripts.group_output.summary import describe
from scripts.reviewing.files import are_together, read_reviews


def run(cfg: DictConfig) -> None:
    """Read photos and boxes, group, write the files, and list what failed.

    Raises:
        ValueError: If not exactly one of photo and photos is given, no photo could be grouped, or the answers cannot be
            read or are about other photos.
        SystemExit: With code 1, if a photo of several could not be grouped.
    """
    photos, many = chosen_photos(cfg.photo, cfg.photos), cfg.photos is not None
    failures: list[str] = []
    reviews = {} if cfg.answers is None else read_reviews(cfg.answers)
    # Whoever answered about several photos together grouped them together.
    across_photos = cfg.across_photos or are_together(reviews)
    grouper = Grouper.load(cfg.checkpoint)
    name_found = None if cfg.names is None else _namer(grouper, cfg.names, cfg.unknown_named, across_photos)
    found = grouper.group_photos(
        photos,
        cfg.boxes,
        across_photos,
        failures=failures if many else None,
        convention=Convention.of_options(cfg.box_format, cfg.box_scale),
    )
    found = found if cfg.photos is None else _named(found, photos, Path(cfg.photos))
    print_warnings(warning for groups in found for warning in groups.scene.warnings)
    if not found:
        raise ValueError("no photo could be grouped:\n  " + "\n  ".join(failures))
    answers: tuple[Answer, ...] = ()
    if reviews:
        # Imported only with answers=: matching boxes takes SciPy's optimizers, half a second.
        from scripts.reviewing.grouping import with_answers

        reviewed = with_answers(grouper, found, reviews, across_photos)
        found, answers = reviewed.groupings, reviewed.review.answers
        print_warnings(reviewed.notes)
        if across_photos != cfg.across_photos:
            print("the photos were reviewed together and are grouped together: across_photos=true")
    if name_found is not None:
        found = name_found(found)
    output = Path(cfg.output_dir)
    folders = [output / groups.scene.name if many else output for groups in found]
    release_freed_memory()
    write_all(found, folders, output, grouper, across_photos, cfg.save_crops, answers)
    describe(found, output, failures)
    if failures:
        raise SystemExit(1)


def _namer(
    grouper: Grouper, folder: str, unknown_named: float, across_photos: bool
) -> Callable[[Sequence[Groups]], list[Groups]]:
    """Return what names groups; what cannot name any is refused before a photo is embedded."""
    # Imported only with names=, which few give.
    from analysis.naming.products import check_unknown_named
    from inference.naming import learn_products, name_groups

    check_unknown_named(unknown_named)
    products = learn_products(grouper, folder)
    return lambda groupings: name_groups(groupings, products, across_photos, unknown_named)


def chosen_photos(photo: str | None, photos: str | None) -> Sequence[Path]:
    """Return the one photo, or all photos of a folder, and print how many there are and what was skipped.

    Raises:
        ValueError: If not exactly one of the two is given.
        FileNotFoundError: If there is no such folder, or no picture in it.
    """
    if photo is not None and photos is None:
        return [Path(photo)]
    if photos is not None and photo is None:
        found = find_photos(photos)
        print(found.describe())
        return found.files
    raise ValueError("give either photo=PATH or photos=FOLDER")


def _named(found: Sequence[Groups], photos: Sequence[Path], root: Path) -> list[Groups]:
    """Return groups under their photos' paths in the folder, with the suffix only where others share the rest."""
    alike = Counter(photo.with_suffix("") for photo in photos)
    named = []
    for groups in found:
        photo = groups.scene.photo
        assert photo is not None, "the command's photos are files"
        bare = photo.with_suffix("")
        name = (photo if alike[bare] > 1 else bare).relative_to(root).as_posix()
        named.append(replace(groups, scene=replace(groups.scene, name=name)))
    return named
