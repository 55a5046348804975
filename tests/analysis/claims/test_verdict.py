import numpy as np
import pytest

from analysis.claims.difference import Difference, mean_difference
from analysis.claims.verdict import CONTRADICTED, NOT_DECIDED, SUPPORTED, Part, holm, judge


def part(mean, error=0.01, either_way=False):
    return Part(Difference(mean, error, 50, 1), either_way)


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ([part(0.1)], SUPPORTED),
        ([part(-0.1)], CONTRADICTED),
        ([part(0.01)], NOT_DECIDED),
        ([part(0.0, 0.001)], CONTRADICTED),
        ([part(0.1), part(0.1)], SUPPORTED),
        ([part(0.1), part(0.01)], NOT_DECIDED),
        ([part(0.1), part(-0.1)], CONTRADICTED),
        ([part(-0.1, either_way=True)], SUPPORTED),
        ([part(0.0, 0.001, either_way=True)], CONTRADICTED),
        ([part(0.01, either_way=True)], NOT_DECIDED),
        ([part(0.9, None)], NOT_DECIDED),
    ],
)
def test_verdicts(parts, word):
    assert judge({"claim": parts}, worth=0.02)["claim"].word == word


def test_holm_by_hand():
    assert holm({"a": 0.04, "b": 0.01, "c": 0.03}) == pytest.approx({"a": 0.06, "b": 0.03, "c": 0.06})
    assert holm({"a": 0.01}, count=13) == pytest.approx({"a": 0.13})
    assert holm({}) == {}
    with pytest.raises(ValueError, match="at least 2"):
        holm({"a": 0.1, "b": 0.1}, count=1)


def test_of_13_claims_without_any_difference_one_is_decided_in_1_of_20_studies_at_most():
    draws, wrong = np.random.default_rng(0), 0
    for _ in range(100):
        claims = {str(number): [Part(mean_difference(draws.normal(0, 0.1, (30, 1))))] for number in range(13)}
        # So little matters that no difference at all is as rarely taken for its contrary.
        wrong += any(verdict.word != NOT_DECIDED for verdict in judge(claims, worth=1e-9).values())
    assert wrong <= 12


@pytest.mark.parametrize(
    ("claims", "worth", "message"),
    [({"first": []}, 0.1, "no comparison in first"), ({"a": [part(0.1)]}, 0.0, "worth must be above 0, got 0")],
)
def test_what_cannot_be_judged_is_refused(claims, worth, message):
    with pytest.raises(ValueError, match=message):
        judge(claims, worth)
