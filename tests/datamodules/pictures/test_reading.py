import io
import struct

import numpy as np
import pytest
from PIL import Image

from datamodules.pictures import UnreadablePictureError, read_picture


def test_exif_rotation_is_applied(tmp_path):
    picture = Image.new("RGB", (40, 20), "blue")
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=exif)
    assert read_picture(tmp_path / "turned.jpg").size == (20, 40)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "LA", "1", "RGB"])
def test_every_mode_is_read_as_rgb(tmp_path, mode):
    suffix = "tif" if mode == "CMYK" else "png"
    Image.new("RGB", (8, 6), "white").convert(mode).save(tmp_path / f"a.{suffix}")
    picture = read_picture(tmp_path / f"a.{suffix}")
    assert (picture.mode, picture.size) == ("RGB", (8, 6))
    assert np.asarray(picture).min() > 250


def test_transparency_lies_over_white(tmp_path):
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert np.asarray(read_picture(tmp_path / "clear.png")).min() == 255


def test_sixteen_bit_is_scaled_and_not_clipped(tmp_path):
    Image.fromarray(np.full((4, 4), 32896, dtype=np.uint16)).save(tmp_path / "deep.png")
    assert np.asarray(read_picture(tmp_path / "deep.png")).tolist() == [[[128] * 3] * 4] * 4


def test_a_float_picture_of_shares_is_not_black(tmp_path):
    Image.fromarray(np.full((4, 4), 0.5, dtype=np.float32)).save(tmp_path / "float.tif")
    assert np.asarray(read_picture(tmp_path / "float.tif")).max() == 127


def jpeg(tmp_path, **options):
    noise = np.random.default_rng(0).integers(0, 255, (64, 96, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, "JPEG", **options)
    return stream.getvalue()


@pytest.mark.parametrize("cut", [1, 2, 50, 1500])
def test_a_jpeg_without_its_end_is_read_with_a_note(tmp_path, cut):
    path, notes = tmp_path / "cut.jpg", []
    path.write_bytes(jpeg(tmp_path)[:-cut])
    assert read_picture(path, notes).size == (96, 64)
    assert notes == [f"{path} is damaged (Premature end of JPEG file): what is below or right of it may be garbage"]


@pytest.mark.parametrize("damage", [b"\xff\xd9", bytes(300)])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_damaged_in_its_middle_is_noted(tmp_path, damage, progressive):
    content = jpeg(tmp_path, progressive=progressive)
    middle = len(content) // 2
    path, notes = tmp_path / "hurt.jpg", []
    path.write_bytes(content[:middle] + damage + content[middle + len(damage) :])
    assert read_picture(path, notes).size == (96, 64)
    assert len(notes) == 1
    assert f"{path} is damaged" in notes[0]


@pytest.mark.parametrize("tail", [b"", b"more", bytes(100)])
def test_what_cameras_write_behind_a_jpeg_is_no_damage(tmp_path, tail):
    path, notes = tmp_path / "whole.jpg", []
    path.write_bytes(jpeg(tmp_path) + tail)
    read_picture(path, notes)
    assert notes == []


def test_a_rotation_is_applied_whatever_else_the_exif_holds(tmp_path):
    # A signed rational, which Pillow cannot write, as ImageOps.exif_transpose does.
    entries = struct.pack("<HHII", 0x0112, 3, 1, 6) + struct.pack("<HHII", 0x011A, 10, 1, 38)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 0) + struct.pack("<ii", -1, -2)
    path, notes = tmp_path / "turned.jpg", []
    path.write_bytes(jpeg(tmp_path, exif=exif))
    assert (read_picture(path, notes).size, notes) == ((64, 96), [])


@pytest.mark.parametrize(("value", "count"), [(9, 0), (77, 1)])
def test_a_rotation_that_cannot_be_read_is_a_note(tmp_path, value, count):
    exif = Image.Exif()
    exif[0x0112] = value
    path, notes = tmp_path / "odd.jpg", []
    path.write_bytes(jpeg(tmp_path, exif=exif))
    assert read_picture(path, notes).size == (96, 64)
    assert "may lie on its side" in notes[0]


@pytest.mark.parametrize("suffix", ["gif", "webp", "tif", "png", "avif"])
def test_of_several_frames_the_first_is_taken_and_noted(tmp_path, suffix):
    frames = [Image.new("RGB", (16, 12), colour) for colour in ("red", "blue", "lime")]
    path, notes = tmp_path / f"moving.{suffix}", []
    frames[0].save(path, save_all=True, append_images=frames[1:])
    red, green, blue = np.asarray(read_picture(path, notes))[6, 8].tolist()
    assert (red > 200, green < 60, blue < 60) == (True, True, True)
    assert notes == [f"{path} holds 3 pictures; the first is taken"]


def test_missing_empty_and_foreign_files_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.jpg"):
        read_picture(tmp_path / "none.jpg")
    (tmp_path / "eps.jpg").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    (tmp_path / "empty.jpg").write_bytes(b"")
    for name, reason in (("empty.jpg", "an empty file"), ("eps.jpg", "none of JPEG")):
        with pytest.raises(UnreadablePictureError, match=f"{name} cannot be read as a picture: it is {reason}"):
            read_picture(tmp_path / name)


def test_a_picture_that_is_too_large_says_what_to_type(tmp_path, monkeypatch):
    Image.new("1", (2000, 1000)).save(tmp_path / "large.png")
    for limit in ("1.5", "0.5"):
        monkeypatch.setenv("MAX_MEGAPIXELS", limit)
        with pytest.raises(UnreadablePictureError, match=r"large\.png is too large .*type MAX_MEGAPIXELS="):
            read_picture(tmp_path / "large.png")
    monkeypatch.setenv("MAX_MEGAPIXELS", "2")
    assert read_picture(tmp_path / "large.png").size == (2000, 1000)
    monkeypatch.setenv("MAX_MEGAPIXELS", "many")
    with pytest.raises(ValueError, match="MAX_MEGAPIXELS must be a number of megapixels, got 'many'"):
        read_picture(tmp_path / "large.png")
