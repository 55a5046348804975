"""Broken pictures end in a picture, with or without a note, or in an error that names the file; in nothing else.

Each format is mutated PICTURE_MUTATIONS times (15); more by hand, with the counts: PICTURE_MUTATIONS=300 pytest -s ...
"""

import io
import os
import random
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from datamodules.box_files.placing.orientation import Photo
from datamodules.pictures import UnreadablePictureError, read_picture

ROUNDS = int(os.environ.get("PICTURE_MUTATIONS", "15"))
FORMATS = {
    "jpg": {"format": "JPEG", "exif": True},
    "progressive": {"format": "JPEG", "progressive": True},
    "mpo": {"format": "MPO", "save_all": True},
    "png": {"format": "PNG", "exif": True},
    "webp": {"format": "WEBP", "exif": True},
    "avif": {"format": "AVIF", "exif": True},
    "tif": {"format": "TIFF", "compression": "tiff_lzw", "exif": True},
    "bmp": {"format": "BMP"},
    "gif": {"format": "GIF", "save_all": True},
}


def picture(options):
    """Return the bytes of a picture in a format, turned by its EXIF where that holds any."""
    options, stream = dict(options), io.BytesIO()
    if options.pop("exif", False):
        options["exif"] = Image.Exif()
        options["exif"].update({0x0112: 6, 0x011A: 72.5, 0x010F: "camera"})
    if options.get("save_all"):
        options["append_images"] = [Image.new("RGB", (48, 32), "navy")]
    pixels = np.random.default_rng(0).integers(0, 255, (32, 48, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(stream, **options)
    return stream.getvalue()


def mutated(content, generator):
    """Return bytes that are cut, or have one to three places overwritten, doubled or taken out, often in the header."""
    if generator.random() < 0.2:
        return content[: generator.randrange(len(content))]
    for _ in range(generator.randint(1, 3)):
        end = min(len(content), generator.choice([40, 200, 10**9]))
        start, length = generator.randrange(end), generator.choice([1, 1, 2, 4, 16, 100])
        piece = content[start : start + length]
        new = generator.choice([b"", piece * 2, b"\xff" * length, bytes(length), generator.randbytes(length)])
        content = content[:start] + new + content[start + length :]
    return content


# Pillow warns of metadata that it skips.
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("name", FORMATS)
def test_every_outcome_is_a_picture_a_note_or_a_named_error(tmp_path, monkeypatch, name):
    monkeypatch.setenv("MAX_MEGAPIXELS", "20")
    generator, whole = random.Random(name), picture(FORMATS[name])
    outcomes: Counter[str] = Counter()
    file = tmp_path / f"photo.{name}"
    for _ in range(ROUNDS):
        file.write_bytes(mutated(whole, generator))
        notes: list[str] = []
        try:
            Photo.open(file)
            assert read_picture(file, notes).mode == "RGB"
        except UnreadablePictureError as error:
            outcomes["refused" if str(file) in str(error) else f"unnamed: {error}"] += 1
        else:
            outcomes["noted" if notes and all(str(file) in note for note in notes) else "read"] += 1
    print(f"{name}: {dict(outcomes)}")
    assert outcomes.keys() <= {"refused", "noted", "read"}
