import numpy as np

from datamodules.synthetic.stage import turned_rectangle
from datamodules.synthetic.view import apply, canvas_size, polygon_areas, projective_map, random_view

CORNERS = np.array([(0.0, 0.0), (40.0, 0.0), (40.0, 30.0), (0.0, 30.0)])


def test_projective_map_takes_corners_to_corners_and_back() -> None:
    targets = CORNERS + np.array([(1, 2), (-3, 1), (2, -2), (3, 3)])
    view = projective_map(CORNERS, targets)
    np.testing.assert_allclose(apply(view, CORNERS), targets, atol=1e-9)
    np.testing.assert_allclose(apply(np.linalg.inv(view), targets), CORNERS, atol=1e-9)


def test_a_view_never_leaves_the_canvas() -> None:
    generator = np.random.default_rng(0)
    for _ in range(50):
        seen = apply(random_view(40, 30, generator), CORNERS)
        assert (seen >= 0).all()
        assert (seen <= canvas_size(40, 30)).all()


def test_area_of_a_turned_rectangle_is_that_of_the_rectangle() -> None:
    corners = np.stack([turned_rectangle((4, 6), turn) for turn in (0, 10, 77)])
    np.testing.assert_allclose(polygon_areas(corners), 24)


def test_a_positive_turn_is_counter_clockwise_as_seen() -> None:
    upper_right = turned_rectangle((10, 10), 20)[1]
    assert upper_right[1] < -5
    assert upper_right[0] < 5
