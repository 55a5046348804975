import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from analysis.projection import discriminant_projection


def classes(sizes, dimensions=6, seed=0):
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    means = 3 * generator.normal(size=(len(sizes), dimensions))
    return means[labels] + generator.normal(size=(len(labels), dimensions)) * np.linspace(0.2, 2, dimensions), labels


def test_equal_classes_give_the_space_of_scikit_learn():
    rows, labels = classes([40] * 5)
    centre, directions = discriminant_projection(rows, labels, 4, shrinkage=1e-9)
    expected = LinearDiscriminantAnalysis(solver="eigen").fit(rows, labels).scalings_[:, :4]
    found = np.linalg.qr(directions)[0] @ np.linalg.qr(directions)[0].T
    np.testing.assert_allclose(found, np.linalg.qr(expected)[0] @ np.linalg.qr(expected)[0].T, atol=1e-8)
    np.testing.assert_allclose(centre, rows.reshape(5, 40, 6).mean((0, 1)))


def test_directions_are_sorted_by_how_well_they_tell_apart():
    rows, labels = classes([30, 5, 2, 60, 1, 9])
    centre, directions = discriminant_projection(rows, labels, 5, shrinkage=0.1)
    projected = (rows - centre) @ directions
    means = np.array([projected[labels == label].mean(axis=0) for label in range(6)])
    spread = means.var(axis=0)
    assert (np.diff(spread) <= 1e-9).all()


def test_the_order_and_the_names_of_classes_do_not_matter():
    rows, labels = classes([4, 7, 3])
    order = np.random.default_rng(1).permutation(len(rows))
    _, first = discriminant_projection(rows, labels, 2)
    _, second = discriminant_projection(rows[order], 10 * (7 - labels[order]), 2)
    np.testing.assert_allclose(np.abs(first), np.abs(second), atol=1e-9)


@pytest.mark.parametrize("sizes", [[5], [1, 1, 1], []])
def test_nothing_to_tell_apart_is_said(sizes):
    rows, labels = classes(sizes) if sizes else (np.zeros((0, 6)), np.zeros(0, dtype=int))
    with pytest.raises(ValueError, match="discriminants need two classes"):
        discriminant_projection(rows, labels, 2)


@pytest.mark.parametrize(("dimensions", "shrinkage"), [(0, 1.0), (7, 1.0), (2, 0.0)])
def test_wrong_arguments_are_named(dimensions, shrinkage):
    with pytest.raises(ValueError, match=f"got {shrinkage} and {dimensions}"):
        discriminant_projection(*classes([3, 3]), dimensions, shrinkage)


def test_classes_of_equal_rows_lie_apart():
    rows = np.repeat(np.eye(3), 2, axis=0)
    labels = np.repeat(np.arange(3), 2)
    centre, directions = discriminant_projection(rows, labels, 2)
    projected = (rows - centre) @ directions
    distance = np.linalg.norm(projected[:, None] - projected[None], axis=2)
    assert np.allclose(distance[labels[:, None] != labels], 2**0.5)
    assert np.allclose(distance[labels[:, None] == labels], 0)
