import shapely

from analysis.figures.badge_place import badge_place, badge_places

SQUARE = shapely.box(0, 0, 100, 100)


def test_a_rectangle_by_itself_is_numbered_in_its_middle():
    assert badge_place(SQUARE, []).equals(shapely.Point(50, 50))


def test_a_bent_area_and_a_ring_are_numbered_inside():
    bent = shapely.union(shapely.box(0, 0, 20, 100), shapely.box(0, 80, 100, 100))
    ring = shapely.difference(SQUARE, shapely.box(20, 20, 80, 80))
    for shape in (bent, ring):
        assert not shape.contains(shape.centroid)
        assert shape.contains(badge_place(shape, []))
        assert shape.boundary.distance(badge_place(shape, [])) > 8


def test_a_number_keeps_off_an_area_on_top():
    assert badge_place(SQUARE, [shapely.box(30, 0, 200, 100)]).equals(shapely.Point(15, 50))


def test_a_hidden_area_is_numbered_in_its_own_middle():
    for cover in (shapely.box(2, 0, 100, 100), SQUARE):
        assert badge_place(SQUARE, [cover]).equals(shapely.Point(50, 50))


def test_only_neighbours_matter_to_a_number():
    areas = [shapely.box(60 * x, 0, 60 * x + 70, 100) for x in range(5)] + [shapely.box(0, 500, 50, 550)]
    for number, place in enumerate(badge_places(areas)):
        assert place.equals(badge_place(areas[number], areas[:number] + areas[number + 1 :]))
    assert badge_places([]) == []
