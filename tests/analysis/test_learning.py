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


def test_other_photos_group_better_after_learning():
    raw, products = made_up_photos(30, np.random.default_rng(0))
    learned = learn(raw[:10], products[:10], embed_of(raw), "euclidean", 2.0)

    def mean_ari(change, threshold):
        clustering = AgglomerativeClustering("euclidean", distance_threshold=threshold)
        found = [clustering.fit(embed_of(raw)(place, change)).labels for place in range(10, 30)]
        return np.mean([adjusted_rand_score(products[0], as_singletons(labels)) for labels in found])

    best_before = max(mean_ari(None, threshold) for threshold in np.geomspace(0.5, 10, 20))
    assert mean_ari(learned.transformation, learned.threshold) > best_before + 0.2
    assert np.allclose(learned.transformation, learned.transformation.T)
    assert np.linalg.norm(learned.transformation) == pytest.approx(6**0.5)


def test_the_threshold_alone_is_learned_where_nothing_can_be_transformed():
    raw, products = made_up_photos(6, np.random.default_rng(1))
    for few in (
        learn(None, products, embed_of(raw), "euclidean", 2.0),
        learn(raw[:1], products[:1], embed_of(raw), "euclidean", 2.0),
    ):
        assert few.transformation is None
        assert few.threshold > 2.0


@pytest.mark.parametrize("products", [np.arange(24), np.zeros(24, dtype=np.int64)])
def test_photos_of_one_product_or_of_no_pair_teach_something_finite(products):
    raw, _ = made_up_photos(2, np.random.default_rng(2))
    learned = learn(raw, [products] * 2, embed_of(raw), "cosine", 0.2)
    assert np.isfinite(learned.threshold)
    assert learned.threshold > 0
    assert learned.transformation is None or np.isfinite(learned.transformation).all()


def test_without_two_detections_nothing_is_learned():
    with pytest.raises(ValueError, match="at least two items"):
        learn([np.ones((1, 3))], [np.zeros(1, dtype=np.int64)], embed_of([np.ones((1, 3))]), "cosine", 0.2)
