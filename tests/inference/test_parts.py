"""Parts of old recipes are built as long as they mean what they meant."""

import pytest

from analysis.clustering.agglomerative import AgglomerativeClustering
from inference.parts import build_part

# As files of the first versions name it.
OLD = {"_target_": "analysis.clustering.AgglomerativeClustering", "distance_threshold": 0.2}


def test_an_option_that_is_gone_is_taken_for_what_it_was():
    clustering = build_part(OLD | {"linkage": "average"})
    assert isinstance(clustering, AgglomerativeClustering)
    assert clustering.distance_threshold == 0.2


def test_an_option_that_is_gone_and_meant_something_else_is_named():
    with pytest.raises(ValueError, match="AgglomerativeClustering with linkage=single, but only linkage=average"):
        build_part(OLD | {"linkage": "single", "_partial_": True})
