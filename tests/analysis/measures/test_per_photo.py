import numpy as np

from analysis.measures.grouping import grouping_measures
from analysis.measures.per_photo import by_part, measure_photo

TRUTH, FOUND = np.array([0, 0, 1, 1, 2]), np.array([0, 0, 1, 2, 2])


def test_parts_are_those_of_the_items_and_empty_ones_are_left_out():
    seen = np.array([True, True, True, True, False])
    photo = measure_photo(TRUTH, FOUND, seen, "shop")
    assert photo.parts["all"] == grouping_measures(TRUTH, FOUND)
    assert photo.parts["seen"]["ari"] == grouping_measures(TRUTH, FOUND, seen)["ari"]
    assert set(photo.parts) == {"all", "seen", "unseen"}
    known = measure_photo(TRUTH, FOUND, np.ones(5, dtype=bool))
    assert known.parts == {"all": photo.parts["all"], "seen": grouping_measures(TRUTH, FOUND, np.ones(5, dtype=bool))}
    assert set(measure_photo(TRUTH, FOUND).parts) == {"all"}


def test_photos_are_collected_by_part_and_by_source():
    seen = np.ones(5, dtype=bool)
    photos = [measure_photo(TRUTH, FOUND, seen, source) for source in ("shop", "store", "shop")]
    counts = {name: len(measures) for name, measures in by_part(photos).items()}
    assert counts == {"all": 3, "seen": 3, "shop_all": 2, "shop_seen": 2, "store_all": 1, "store_seen": 1}
    assert set(by_part([measure_photo(TRUTH, FOUND)])) == {"all"}
    assert by_part([]) == {}
