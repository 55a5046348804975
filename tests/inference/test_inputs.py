from PIL import Image

from inference.inputs import find_photos


def test_photos_are_in_the_order_of_their_numbers(tmp_path):
    names = ["P3.jpg", "a.jpg", "p1.jpg", "p2.jpg", "p10.jpg", "p10b2.jpg", "p10b10.jpg", "p012.jpg"]
    for name in names:
        Image.new("RGB", (2, 2)).save(tmp_path / name)
    assert [path.name for path in find_photos(tmp_path).files] == names
