import numpy as np
from PIL import Image

from datamodules.synthetic.arrangement import Placed
from datamodules.synthetic.stage import NOBODY, Stage, make_sprite

RED = Image.new("RGBA", (60, 120), (200, 30, 30, 255))
PLACED = Placed(product=7, x=100.0, foot=150.0, width=40.0, height=80.0, turn=0.0, light=1.0)


def test_the_corners_hold_the_painted_pixels() -> None:
    for turn in (0.0, 9.0, -9.0):
        stage = Stage(200, 200)
        stage.add_package(make_sprite(RED), PLACED._replace(turn=turn), 0.0)
        rows, columns = np.nonzero(stage.owners == 0)
        low, high = stage.corners[0].min(axis=0), stage.corners[0].max(axis=0)
        np.testing.assert_allclose(low, (columns.min(), rows.min()), atol=1.5)
        np.testing.assert_allclose(high, (columns.max() + 1, rows.max() + 1), atol=1.5)
        np.testing.assert_allclose(stage.areas[0], 40 * 80, rtol=0.05)


def test_the_foot_stands_where_it_was_placed() -> None:
    stage = Stage(200, 200)
    stage.add_package(make_sprite(RED), PLACED, 0.0)
    np.testing.assert_allclose(stage.corners[0].max(axis=0), (120, 150), atol=1.5)


def test_what_is_in_front_owns_the_pixels() -> None:
    stage = Stage(200, 200)
    stage.add_package(make_sprite(RED), PLACED, 0.0)
    stage.add_package(make_sprite(RED), PLACED._replace(x=120.0, product=8), 0.0)
    assert stage.owners[110, 119] == 1
    assert stage.owners[110, 90] == 0
    stage.add_cover(Image.new("RGBA", (200, 50), (0, 0, 255, 255)), 0, 100)
    assert stage.owners[110, 119] == NOBODY
    assert stage.products == [7, 8]


def test_a_brighter_light_gives_brighter_pixels() -> None:
    values = []
    for light in (0.5, 1.0):
        stage = Stage(200, 200)
        stage.add_package(make_sprite(RED), PLACED._replace(light=light), 0.0)
        values.append(np.asarray(stage.canvas)[110, 100, 0])
    assert values == [100, 200]


def test_a_package_outside_of_the_canvas_is_not_listed() -> None:
    stage = Stage(200, 200)
    stage.add_package(make_sprite(RED), PLACED._replace(x=500.0), 0.0)
    assert stage.products == []
