import numpy as np
import pytest
from PIL import Image

from datamodules.pictures import is_picture, read_picture


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


def test_missing_empty_and_truncated_files_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.jpg"):
        read_picture(tmp_path / "none.jpg")
    (tmp_path / "empty.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match=r"empty\.jpg cannot be read"):
        read_picture(tmp_path / "empty.jpg")
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "whole.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:1500])
    with pytest.raises(ValueError, match=r"cut\.jpg cannot be read"):
        read_picture(tmp_path / "cut.jpg")


def test_hidden_files_and_others_are_no_pictures(tmp_path):
    names = ["a.JPG", "b.png", ".hidden.jpg", "notes.txt"]
    assert [is_picture(tmp_path / name) for name in names] == [True, True, False, False]
