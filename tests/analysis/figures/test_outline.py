import shapely

from analysis.figures.outline import outlines


def outline(polygon, line):
    return outlines([polygon], line)[0]


def test_an_outline_lies_half_a_line_inside():
    assert outline(shapely.box(0, 0, 100, 50), 4).symmetric_difference(shapely.box(2, 2, 98, 48)).area < 1e-6


def test_slits_between_stacked_cans_are_closed_and_bays_are_not():
    stacked = shapely.box(0, 0, 40, 100).union(shapely.box(43, 0, 80, 100)).union(shapely.box(0, 90, 80, 100))
    drawn = outline(stacked, 2)
    assert drawn.contains(shapely.Point(41.5, 50))
    bay = shapely.box(0, 0, 40, 100).union(shapely.box(0, 60, 100, 100))
    assert not outline(bay, 2).contains(shapely.Point(70, 30))


def test_what_is_too_narrow_stays():
    thin = shapely.box(0, 0, 100, 1)
    assert outline(thin, 4) == thin
