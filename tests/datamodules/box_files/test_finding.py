"""The box file of a photo is found by its name and by its content."""

import pytest

from datamodules.box_files import find_box_file, read_scene

CONTENT = {
    "shelf.json": '{"a": {"x1": 1, "y1": 2, "x2": 3, "y2": 4}}',
    "shelf.xml": "<annotation><object><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>3</xmax><ymax>4</ymax></bndbox>"
    "</object></annotation>",
    "shelf.txt": "0 0.01 0.03 0.01 0.02",
    "shelf.csv": "x1,y1,x2,y2\n1,2,3,4\n",
}


def test_files_beside_the_photo_are_taken_in_a_fixed_order(photo, write):
    for name in reversed(CONTENT):
        expected = write(CONTENT[name], name)
        assert find_box_file(photo) == expected
        assert read_scene(photo, expected).boxes.tolist() == [[1, 2, 3, 4]]


def test_a_file_of_another_kind_is_passed_over(photo, write):
    write({"camera": "mine"}, "shelf.json")
    write("opening hours: 9 to 5", "shelf.txt")
    expected = write(CONTENT["shelf.csv"], "shelf.csv")
    assert find_box_file(photo) == expected


def test_one_file_serves_all_photos(photo, write, tmp_path):
    write(CONTENT["shelf.json"], "shelf.json")
    everything = write(CONTENT["shelf.csv"], "all.csv")
    assert find_box_file(photo, everything) == everything


def test_a_folder_of_box_files_is_searched(photo, write, tmp_path):
    write(CONTENT["shelf.json"], "shelf.json")
    (tmp_path / "labels").mkdir()
    expected = write(CONTENT["shelf.txt"], "labels/shelf.txt")
    assert find_box_file(photo, tmp_path / "labels") == expected


def test_what_was_looked_for_is_named(photo, write, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none of shelf\.json, shelf\.xml, shelf\.txt, shelf\.csv, .* is in"):
        find_box_file(photo)
    with pytest.raises(FileNotFoundError, match=r"there is no box file .*all\.csv"):
        find_box_file(photo, tmp_path / "all.csv")
    write("a note", "shelf.txt")
    with pytest.raises(ValueError, match=r"has the boxes of shelf\.png: .*shelf\.txt is in no format"):
        find_box_file(photo)
