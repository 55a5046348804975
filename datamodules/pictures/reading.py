"""Reading a picture after EXIF orientation."""

import io
from pathlib import Path

from PIL import Image

from datamodules.pictures.damage import END_OF_JPEG, damage_of_jpeg
from datamodules.pictures.modes import to_rgb
from datamodules.pictures.opening import opened, orientation_of

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_picture(path: Path, notes: list[str] | None = None) -> Image.Image:
    """Return the picture in RGB, turned as its EXIF says, transparency laid over white, 16 bit scaled to 8.

    Args:
        path: The file.
        notes: Takes what a person should know of the picture, such as that its lower half is lost.

    Raises:
        FileNotFoundError: If there is no such file.
        UnreadablePictureError: If the file is not a picture or too broken to be read.
    """
    notes = [] if notes is None else notes
    with opened(path) as picture:
        if picture.format in ("JPEG", "MPO"):
            content = path.read_bytes()
            damage = damage_of_jpeg(content)
            if damage:
                notes.append(f"{path} is damaged ({damage}): what is below or right of it may be garbage")
                # A JPEG without its end is refused by Pillow; with one, what is missing is grey.
                with opened(path, io.BytesIO(content + END_OF_JPEG)) as ended:
                    return _finished(ended, path, notes)
        return _finished(picture, path, notes)


def upright(picture: Image.Image, name: Path | str, notes: list[str]) -> Image.Image:
    """Return a picture turned as its EXIF says; a turn that cannot be read is a note.

    Not by ImageOps.exif_transpose, which writes the EXIF anew and fails where that cannot be written.
    """
    orientation = orientation_of(picture, name, notes)
    return picture.transpose(TURNS[orientation]) if orientation in TURNS else picture


def _finished(picture: Image.Image, path: Path, notes: list[str]) -> Image.Image:
    _note_frames(picture, path, notes)
    picture.load()
    # Pillow turns a TIFF itself.
    turned = picture if picture.format == "TIFF" else upright(picture, path, notes)
    # Turning to RGB copies what was read from a file, even if it is RGB: 200 MB for a photo of 50 megapixels.
    return turned if picture.format == "JPEG" and turned.mode == "RGB" else to_rgb(turned)


def _note_frames(picture: Image.Image, path: Path, notes: list[str]) -> None:
    frames = getattr(picture, "n_frames", 1)
    if frames > 1 and picture.format == "MPO":
        # Phones keep a small map of brightness behind the photo; a second photo is as large as the first.
        first = picture.size
        picture.seek(1)
        frames = frames if picture.size == first else 1
        picture.seek(0)
    if frames > 1:
        notes.append(f"{path} holds {frames} pictures; the first is taken")
