import numpy as np
import pytest
import shapely
from skimage.measure import label as label_raster
from skimage.morphology import closing, footprint_rectangle

from analysis.aggregation import box_closing as closing_module
from analysis.aggregation.closing_aggregation import ClosingAggregation

BOX = np.array([[0, 0, 100, 200]])


def shelf(seed, num_shelves=3, facings=9, holes=0.15):
    """Return a planogram in whole pixels: shelves of boxes in runs of one product, some places empty."""
    generator = np.random.default_rng(seed)
    boxes, labels = [], []
    for row in range(num_shelves):
        left, product = 5, int(generator.integers(4))
        for _ in range(facings):
            width, height = generator.integers(16, 26), generator.integers(30, 40)
            product = int(generator.integers(4)) if generator.random() < 0.4 else product
            bottom = 50 * (row + 1)
            if generator.random() > holes:
                boxes.append([left, bottom - height, left + width, bottom])
                labels.append(product)
            left += int(width + generator.integers(-3, 6))
    return np.array(boxes, dtype=float), np.array(labels)


def scattered(seed, count=30):
    """Return boxes anywhere, overlapping as they like: what no shelf looks like."""
    generator = np.random.default_rng(seed)
    corners = generator.integers(0, 120, size=(count, 2))
    boxes = np.hstack([corners, corners + generator.integers(4, 24, size=(count, 2))])
    return boxes.astype(float), generator.integers(0, 3, size=count)


def gaps_of(boxes, reach_x, reach_y):
    """Return the gaps, in median boxes, that make the closing rectangle 2 * reach pixels."""
    width, height = np.median(boxes[:, 2:] - boxes[:, :2], axis=0)
    return 2 * reach_x / width, 2 * reach_y / height


def raster_congregations(boxes, labels, reach_x, reach_y):
    """Paint, close by an odd footprint and label, as a textbook does; return members and pixels of each component."""
    margin, found = 40, set()
    for cluster in np.unique(labels[labels >= 0]):
        canvas = np.zeros((260, 320), np.uint8)
        members = np.flatnonzero(labels == cluster)
        for x1, y1, x2, y2 in boxes[members].astype(int) + margin:
            canvas[y1:y2, x1:x2] = 1
        closed = closing(canvas, footprint_rectangle((2 * reach_y + 1, 2 * reach_x + 1)))
        components = label_raster(closed, connectivity=1)
        corners = boxes[members, :2].astype(int) + margin
        home = components[corners[:, 1], corners[:, 0]]
        found |= {(frozenset(members[home == k].tolist()), int((components == k).sum())) for k in np.unique(home)}
    return found


def partition(congregations):
    return {frozenset(congregation.members.tolist()) for congregation in congregations}


@pytest.mark.parametrize("layout", [shelf, scattered])
@pytest.mark.parametrize(("reach_x", "reach_y"), [(6, 7), (6, 0), (0, 5), (0, 0), (15, 20)])
def test_same_members_and_areas_as_a_raster_closing(layout, reach_x, reach_y):
    for seed in range(6):
        boxes, labels = layout(seed)
        labels[::7] = -1
        found = ClosingAggregation(*gaps_of(boxes, reach_x, reach_y)).aggregate(boxes, labels)
        assert {
            (frozenset(congregation.members.tolist()), round(congregation.area)) for congregation in found
        } == raster_congregations(boxes, labels, reach_x, reach_y)


@pytest.mark.parametrize("bridge", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_every_clustered_box_is_in_one_congregation_that_covers_it(seed, bridge):
    boxes, labels = scattered(seed)
    labels[::5] = -1
    found = ClosingAggregation(0.5, 0.5, bridge_over_others=bridge).aggregate(boxes, labels)
    assert sorted(np.concatenate([c.members for c in found])) == np.flatnonzero(labels >= 0).tolist()
    for congregation in found:
        assert (labels[congregation.members] == congregation.cluster).all()
        assert congregation.polygon.is_valid
        assert congregation.area == congregation.polygon.area
        assert congregation.polygon.buffer(1e-3).covers(shapely.union_all(shapely.box(*boxes[congregation.members].T)))


@pytest.mark.parametrize("layout", [shelf, scattered])
def test_what_is_closed_together_does_not_matter(layout, monkeypatch):
    boxes, labels = layout(3)
    whole = ClosingAggregation(0.5, 0.5).aggregate(boxes, labels)
    monkeypatch.setattr(closing_module, "BOXES_PER_PART", 5)
    parts = ClosingAggregation(0.5, 0.5).aggregate(boxes, labels)
    assert [(c.cluster, c.members.tolist()) for c in parts] == [(c.cluster, c.members.tolist()) for c in whole]
    np.testing.assert_allclose([c.area for c in parts], [c.area for c in whole], rtol=1e-6)


@pytest.mark.parametrize("scale", [0.5, 0.37, 3.1])
@pytest.mark.parametrize("layout", [shelf, scattered])
def test_photo_size_does_not_matter(scale, layout):
    for seed in range(20):
        boxes, labels = layout(seed)
        # Many gaps are exactly of the size here, where rounding would tell.
        aggregation = ClosingAggregation(*gaps_of(boxes, 3, 2))
        whole, scaled = aggregation.aggregate(boxes, labels), aggregation.aggregate(boxes * scale, labels)
        assert [c.members.tolist() for c in whole] == [c.members.tolist() for c in scaled]
        np.testing.assert_allclose([c.area for c in scaled], [c.area * scale**2 for c in whole], rtol=1e-4)


@pytest.mark.parametrize("bridge", [True, False])
def test_order_of_the_boxes_does_not_matter(bridge):
    boxes, labels = shelf(3)
    order = np.random.default_rng(0).permutation(len(boxes))
    aggregation = ClosingAggregation(bridge_over_others=bridge)
    expected = partition(aggregation.aggregate(boxes, labels))
    shuffled = aggregation.aggregate(boxes[order], labels[order])
    assert {frozenset(order[congregation.members].tolist()) for congregation in shuffled} == expected


def test_congregations_come_by_cluster_then_from_top_left():
    corners = np.array([[0, 900], [500, 0], [0, 0], [500, 900], [1500, 0]])
    boxes = np.hstack([corners, corners + np.array([100, 200])])
    found = ClosingAggregation().aggregate(boxes, [1, 1, 1, 0, 0])
    assert [(c.cluster, c.members.tolist()) for c in found] == [(0, [4]), (0, [3]), (1, [2]), (1, [1]), (1, [0])]


def test_no_box_one_box_and_nothing_clustered():
    assert ClosingAggregation().aggregate([], []) == []
    assert ClosingAggregation().aggregate(BOX, [-1]) == []
    (only,) = ClosingAggregation().aggregate(BOX, [4])
    assert (only.cluster, only.members.tolist()) == (4, [0])
    assert only.polygon.bounds == (0, 0, 100, 200)


@pytest.mark.parametrize(
    ("shift", "joined"), [((162, 0), True), ((163, 0), False), ((0, 270), True), ((0, 271), False)]
)
def test_a_gap_of_exactly_the_size_is_bridged(shift, joined):
    boxes = np.vstack([BOX, BOX + np.tile(shift, 2)])
    assert len(ClosingAggregation().aggregate(boxes, [0, 0])) == (1 if joined else 2)


@pytest.mark.parametrize(("shift", "joined"), [((100, 50), True), ((100, 200), False), ((101, 0), False)])
@pytest.mark.parametrize("bridge", [True, False])
def test_without_gaps_boxes_join_along_an_edge_but_not_at_a_corner(shift, joined, bridge):
    boxes = np.vstack([BOX, BOX + np.tile(shift, 2)])
    found = ClosingAggregation(0, 0, bridge_over_others=bridge).aggregate(boxes, [0, 0])
    assert len(found) == (1 if joined else 2)


def test_gap_y_zero_keeps_shelves_apart():
    boxes = np.vstack([BOX, BOX + np.tile([130, 0], 2), BOX + np.tile([0, 240], 2)])
    assert partition(ClosingAggregation().aggregate(boxes, [0, 0, 0])) == {frozenset({0, 1, 2})}
    assert partition(ClosingAggregation(gap_y=0).aggregate(boxes, [0, 0, 0])) == {frozenset({0, 1}), frozenset({2})}


@pytest.mark.parametrize("label", [1, -1])
@pytest.mark.parametrize(("height", "cut"), [(200, True), (110, True), (90, False)])
def test_another_product_in_the_gap_cuts_the_link(label, height, cut):
    # Two facings with one place between them; the other box covers a part of that place.
    boxes = np.array([[0, 0, 100, 200], [200, 0, 300, 200], [100, 200 - height, 200, 200]])
    free = ClosingAggregation(gap_x=1.3).aggregate(boxes, [0, 0, label])
    assert frozenset({0, 1}) in partition(free)
    found = ClosingAggregation(gap_x=1.3, bridge_over_others=False).aggregate(boxes, [0, 0, label])
    assert (frozenset({0, 1}) in partition(found)) is not cut


def test_two_others_that_overlap_are_counted_once():
    boxes = np.array([[0, 0, 100, 200], [200, 0, 300, 200], [100, 120, 200, 200], [100, 120, 200, 200]])
    found = ClosingAggregation(1.3, bridge_over_others=False).aggregate(boxes, [0, 0, 1, 2])
    assert frozenset({0, 1}) in partition(found)


def test_a_way_around_the_other_product_still_joins():
    # The outer two are cut from each other, but both face the wide box above.
    boxes = np.array([[0, 0, 100, 200], [200, 0, 300, 200], [100, 0, 200, 200], [0, -230, 300, -30]])
    found = ClosingAggregation(1.3, bridge_over_others=False).aggregate(boxes, [0, 0, 1, 0])
    assert frozenset({0, 1, 3}) in partition(found)


def test_with_nothing_in_between_the_link_rule_groups_a_shelf_as_the_closing_does():
    for seed in range(10):
        boxes, labels = shelf(seed)
        labels[:] = 0
        expected = partition(ClosingAggregation().aggregate(boxes, labels))
        assert partition(ClosingAggregation(bridge_over_others=False).aggregate(boxes, labels)) == expected


@pytest.mark.parametrize(
    ("boxes", "labels", "message"),
    [
        ([[0, 0, 1, 1], [3, 0, 3, 9]], [0, 0], "at index 1"),
        ([[0, 0, float("nan"), 1]], [0], "at index 0"),
        ([[0, 0, 1, 1]], [0, 0], r"\(1, 4\) and \(2,\)"),
        ([[0, 0, 1]], [0], r"\(1, 3\)"),
    ],
)
def test_bad_detections_are_named(boxes, labels, message):
    with pytest.raises(ValueError, match=message):
        ClosingAggregation().aggregate(boxes, labels)


@pytest.mark.parametrize("gaps", [(-0.1, 0.3), (0.6, float("nan"))])
def test_bad_gaps_are_named(gaps):
    with pytest.raises(ValueError, match=r"gap_[xy] must be .* got (-0\.1|nan)"):
        ClosingAggregation(*gaps)
