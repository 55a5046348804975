"""Facings and shares of the shelf, against counts by hand."""

import numpy as np
import pytest

from analysis.shelf.share import Shelf, occupied_lengths, store_shares

# Two rows: A A B, with a third A on the first; below a long B, and one alone.
BOXES = np.array(
    [[0, 50, 40, 100], [40, 50, 80, 100], [100, 20, 140, 100], [0, 0, 40, 50], [0, 200, 100, 280], [100, 200, 140, 280]]
)
LABELS = np.array([0, 0, 1, 0, 1, -1])


def test_counts_by_hand():
    shelf = Shelf.of_boxes(BOXES, LABELS)
    assert shelf.row.tolist() == [1, 1, 1, 1, 2, 2]
    alone, first, second = shelf.by_group()
    assert (first.cluster, first.rows, first.facings, first.facings_wide) == (0, (1,), 3, 2)
    assert (second.cluster, second.rows, second.facings, second.facings_wide) == (1, (1, 2), 2, 2)
    assert (alone.cluster, alone.rows, alone.facings) == (-1, (2,), 1)
    assert [share.share for share in (first, second, alone)] == pytest.approx([80 / 260, 140 / 260, 40 / 260])
    assert [round(share.share, 4) for share in shelf.by_row()] == [0.6667, 0.3333, 0.2857, 0.7143]


def test_a_store_is_its_photos_whatever_their_scale():
    near, far = Shelf.of_boxes(BOXES, LABELS), Shelf.of_boxes(BOXES / 4 + 9, LABELS)
    store = store_shares([near, far])
    assert [share.share for share in store] == pytest.approx([share.share for share in near.by_group()])
    assert [share.facings for share in store] == [2, 6, 4]
    assert store_shares([]) == []


def test_lengths_are_counted_one_unit_of_length_at_a_time():
    generator = np.random.default_rng(0)
    for _ in range(20):
        left = generator.integers(0, 50, 12)
        extents, products = np.column_stack([left, left + generator.integers(1, 20, 12)]), generator.integers(0, 4, 12)
        expected = np.zeros(12)
        for unit in range(70):
            over = np.flatnonzero((extents[:, 0] <= unit) & (extents[:, 1] > unit))
            for box in over:
                same = (products[over] == products[box]).sum()
                expected[box] += 1 / (len(set(products[over])) * same)
        np.testing.assert_allclose(occupied_lengths(extents.astype(float), products), expected)


def test_no_detections_have_no_shares():
    shelf = Shelf.of_boxes(np.zeros((0, 4)), np.zeros(0, dtype=np.int64))
    assert shelf.by_group() == shelf.by_row() == store_shares([shelf]) == []
