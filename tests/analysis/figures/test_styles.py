import numpy as np
import pytest

from analysis.figures.palette import NUM_STYLES, cluster_style
from analysis.figures.styles import assign_styles


@pytest.mark.parametrize(("num_photos", "num_groups"), [(0, 0), (1, 0), (1, 1), (17, 10), (60, 30), (40, 100)])
def test_two_groups_of_a_photo_never_share_a_style(num_photos, num_groups):
    rng = np.random.default_rng(num_groups)
    photos = [rng.choice(5000, num_groups, replace=False).tolist() for _ in range(num_photos)]
    for clusters, styles in zip(photos, assign_styles(photos), strict=True):
        assert styles.keys() == set(clusters)
        assert len(set(styles.values())) == len(clusters)
        assert max(styles.values(), default=0) < NUM_STYLES


def test_a_product_keeps_its_style_in_all_photos():
    photos = [[0, 7, 49], [7, 300], [49, 300, 0], []]
    found = assign_styles(photos)
    style = {cluster: {styles[cluster] for styles in found if cluster in styles} for cluster in (0, 7, 49, 300)}
    assert all(len(numbers) == 1 for numbers in style.values())
    # Four colours are enough, and 7 never meets all others, so that it may share one.
    assert max(max(numbers) for numbers in style.values()) <= 3


def test_a_photo_of_more_groups_than_styles_repeats_them():
    (styles,) = assign_styles([range(NUM_STYLES + 5)])
    assert len(styles) == NUM_STYLES + 5
    assert len({(cluster_style(n).colour, cluster_style(n).dashes) for n in styles.values()}) == NUM_STYLES
