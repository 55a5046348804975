"""Reading the scene of a photo and its box file."""

from collections import Counter
from collections.abc import Container
from pathlib import Path

from datamodules.box_files.convention import AS_WRITTEN, Convention
from datamodules.box_files.detect import recognise
from datamodules.box_files.placing.orientation import Photo
from datamodules.box_files.placing.place import place
from datamodules.scene import Scene


def read_scene(
    photo: Path,
    boxes: Path,
    ignored: Container[str] = (),
    fewest_products: int = 2,
    convention: Convention = AS_WRITTEN,
) -> Scene:
    """Return the scene of a photo and its boxes, from a file in any format of docs/box_files.md.

    Products are numbered within this photo, 0..k-1 by sorted name, -1 where unknown; labels are None where the file
    names too few products. Boxes partly outside of the photo are clipped.

    Args:
        photo: The photo.
        boxes: Its box file; of a file for many photos the rows of this photo are taken.
        ignored: Names of products whose boxes are left out.
        fewest_products: A file with fewer names is taken to say nothing about which boxes belong together.
        convention: What the numbers of the boxes are, if it is not what the file's format says.

    Raises:
        FileNotFoundError: If the photo or the box file is missing.
        ValueError: If the photo is not a picture; if the box file is in no format that is read, is malformed, has no
            box of this photo or repeats an id; if a box has no area or lies outside of the photo, or the boxes cannot
            be those of a shelf.
    """
    return scene_of(Photo.open(photo), boxes, ignored, fewest_products, convention)


def scene_of(
    seen: Photo,
    boxes: Path,
    ignored: Container[str] = (),
    fewest_products: int = 2,
    convention: Convention = AS_WRITTEN,
) -> Scene:
    """Return the scene of a photo whose size is known, as :func:`read_scene` does; its file need not exist."""
    detections = recognise(boxes)(seen).without(ignored)
    if not detections.records:
        raise ValueError(" ".join((f"{boxes} holds no boxes of {seen.path.name}", *detections.warnings)))
    ids = detections.ids
    repeated = [name for name, count in Counter(ids).items() if count > 1]
    if repeated:
        raise ValueError(f"{boxes} has the id {repeated[0]!r} more than once; ids must be unique")
    broken = [name for name in (*ids, *(record.name for record in detections.records)) if not _is_text(name)]
    if broken:
        raise ValueError(f"{boxes}: {broken[0]!r} holds half a character and cannot be written; correct its encoding")
    placed, warnings = place(detections, seen, boxes, convention)
    labels, products = detections.products(fewest_products)
    return Scene(
        name=seen.path.stem,
        ids=ids,
        photo=seen.path,
        boxes=placed,
        labels=labels,
        products=products,
        warnings=warnings,
    )


def _is_text(name: str) -> bool:
    """Return whether a name can be written: JSON may hold half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in name)
