"""What reviewed photos teach: a transformation and a threshold."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.labels import as_singletons
from analysis.learning import learn


def made_up_photos(count, generator):
    """Return photos of four products each that vary most in the two directions that say least."""
    products = np.repeat(np.arange(4), 6)
    spread = np.array([3.0, 3.0, 0.3, 0.3, 0.3, 0.3])
    return [generator.normal(size=(4, 6))[products] + spread * generator.normal(size=(24, 6)) for _ in range(count)], [
        products
    ] * count


def embed_of(raw):
    return lambda place, change: (raw[place] if change is None else raw[place] @ change).astype(np.float32)


def shrink_loud_directions(places):
    return np.diag([0.1, 0.1, 1, 1, 1, 1])


def test_what_photos_teach_is_learned_with_a_threshold_that_suits_it():
    raw, products = made_up_photos(30, np.random.default_rng(0))
    asked = []
    learned = learn(
        lambda places: asked.append(list(places)) or shrink_loud_directions(places),
        products[:12],
        embed_of(raw),
        "euclidean",
        2.0,
    )

    def mean_ari(change, threshold):
        clustering = AgglomerativeClustering("euclidean", distance_threshold=threshold)
        found = [clustering.fit(embed_of(raw)(place, change)).labels for place in range(12, 30)]
        return np.mean([adjusted_rand_score(products[0], as_singletons(labels)) for labels in found])

    best_before = max(mean_ari(None, threshold) for threshold in np.geomspace(0.5, 10, 20))
    assert mean_ari(learned.transformation, learned.threshold) > best_before + 0.2
    everything, *without = asked
    assert everything == list(range(12))
    left_out = [set(range(12)) - set(places) for places in without]
    assert len(left_out) == 5
    assert sorted(place for part in left_out for place in part) == list(range(12))


def test_what_does_not_help_photos_that_were_left_out_is_not_learned():
    raw, products = made_up_photos(6, np.random.default_rng(3))
    learned = learn(lambda places: np.diag([1, 1, 1e-3, 1e-3, 1e-3, 1e-3]), products, embed_of(raw), "euclidean", 1.2)
    assert learned.transformation is None
    assert learned.threshold == 1.2


def test_a_gain_that_could_be_chance_is_not_learned():
    # Three photos whose products are told apart by the second direction, and one by the first.
    products, across, along = np.array([0, 0, 1, 1]), np.array([[0, 0], [9, 0.1], [0, 5], [9, 5.1]]), np.zeros((4, 2))
    along[2:, 0] = 5
    swap = np.diag([1e-3, 1.0])
    for helped, is_learned in ((4, True), (2, False)):
        raw = [across] * helped + [along] * (4 - helped)
        learned = learn(lambda places: swap, [products] * 4, embed_of(raw), "euclidean", 1.0)
        assert (learned.transformation is not None) == is_learned


def test_the_threshold_alone_is_learned_where_nothing_can_be_transformed():
    raw, products = made_up_photos(6, np.random.default_rng(1))
    for few in (
        learn(None, products, embed_of(raw), "euclidean", 1.0),
        learn(shrink_loud_directions, products[:1], embed_of(raw), "euclidean", 1.0),
    ):
        assert few.transformation is None
        assert few.threshold > 1.5


@pytest.mark.parametrize("products", [np.arange(24), np.zeros(24, dtype=np.int64)])
def test_photos_of_one_product_or_of_no_pair_teach_something_finite(products):
    raw, _ = made_up_photos(2, np.random.default_rng(2))
    learned = learn(shrink_loud_directions, [products] * 2, embed_of(raw), "cosine", 0.2)
    assert np.isfinite(learned.threshold)
    assert learned.threshold > 0
    assert learned.transformation is None or np.isfinite(learned.transformation).all()


def test_without_two_detections_nothing_is_learned():
    with pytest.raises(ValueError, match="at least two items"):
        learn(None, [np.zeros(1, dtype=np.int64)], embed_of([np.ones((1, 3))]), "cosine", 0.2)
