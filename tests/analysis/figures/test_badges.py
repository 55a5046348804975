import time

import numpy as np
import shapely

from analysis.figures.badges import place_badges

SIZE, PHOTO = (40, 30), (1000, 800)


def rectangle_of(badge):
    half = np.array(SIZE) * badge.scale / 2
    return shapely.box(badge.x - half[0], badge.y - half[1], badge.x + half[0], badge.y + half[1])


def test_no_area_has_no_badge():
    assert place_badges([], [], SIZE, PHOTO) == []


def test_a_badge_touches_its_area_and_hides_no_item_where_there_is_room():
    boxes = [(100, 200, 160, 320), (400, 200, 460, 320)]
    polygons = [shapely.box(*box) for box in boxes]
    for badge, polygon in zip(place_badges(polygons, boxes, SIZE, PHOTO), polygons, strict=True):
        assert rectangle_of(badge).distance(polygon) < 1e-6
        assert rectangle_of(badge).intersection(polygon).area < 1e-6


def test_on_a_packed_shelf_a_badge_hides_little_and_stays_off_the_others():
    boxes = [(50 * x, 100 * y, 50 * x + 50, 100 * y + 100) for x in range(20) for y in range(8)]
    polygons = [shapely.box(*box) for box in boxes]
    rectangles = [rectangle_of(badge) for badge in place_badges(polygons, boxes, SIZE, PHOTO)]
    for rectangle, polygon in zip(rectangles, polygons, strict=True):
        assert shapely.box(0, 0, *PHOTO).buffer(1e-6).contains(rectangle)
        assert rectangle.distance(polygon) < 1e-6
        assert rectangle.intersection(polygon).area <= 0.2 * polygon.area
    first, second = shapely.STRtree(rectangles).query(rectangles)
    shared = [rectangles[a].intersection(rectangles[b]).area for a, b in zip(first, second, strict=True) if a < b]
    assert max(shared, default=0) < 1


def test_a_small_area_has_a_small_badge():
    small, large = place_badges(
        [shapely.box(0, 300, 20, 330), shapely.box(300, 300, 600, 600)], [(0, 0, 1, 1)], *(SIZE, PHOTO)
    )
    assert small.scale < large.scale == 1


def test_two_thousand_areas_take_a_second_or_two():
    corner = np.stack(np.meshgrid(np.arange(50), np.arange(40)), axis=-1).reshape(-1, 2) * (12, 12)
    boxes = np.hstack([corner, corner + 10])
    start = time.process_time()
    assert len(place_badges(list(shapely.box(*boxes.T)), boxes, (20, 15), (1200, 1200))) == len(boxes)
    assert time.process_time() - start < 4


def test_an_area_smaller_than_its_number_has_none_and_hinders_no_other():
    small, large = shapely.box(100, 100, 115, 115), shapely.box(300, 100, 500, 300)
    assert place_badges([small], [small.bounds], SIZE, PHOTO) == [None]
    both = place_badges([small, large], [small.bounds, large.bounds], SIZE, PHOTO)
    assert both == [None, *place_badges([large], [small.bounds, large.bounds], SIZE, PHOTO)]
