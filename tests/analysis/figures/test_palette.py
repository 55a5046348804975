from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from analysis.figures.palette import NUM_STYLES, cluster_style

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
DEUTERANOPIA = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
PROTANOPIA = np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]])


def test_styles_look_different():
    looks = {(style.colour, style.dashes) for style in map(cluster_style, range(NUM_STYLES))}
    assert len(looks) == NUM_STYLES >= 100
    assert len({(style.colour, style.marker) for style in map(cluster_style, range(147))}) == 147
    assert all(cluster_style(number).dashes == () for number in range(21))


@pytest.mark.parametrize("sight", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["full", "deuteranopia", "protanopia"])
def test_colours_of_one_round_differ_for_everybody(sight):
    for start in (0, 7, 14):
        linear = np.array([cluster_style(k).colour for k in range(start, start + 7)]) ** 2.2
        seen = np.clip(linear @ sight.T, 0, 1) ** (1 / 2.2)
        assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 0.1


def luminance(colour):
    values = np.array(to_rgb(colour))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def test_numbers_are_readable_on_their_colour():
    for style in map(cluster_style, range(NUM_STYLES)):
        dark, light = sorted([luminance(style.colour), luminance(style.text_colour)])
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_items_in_no_cluster_have_no_style():
    with pytest.raises(ValueError, match="got -1"):
        cluster_style(-1)
