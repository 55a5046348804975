"""The colours that packages are printed in."""

from typing import NamedTuple

Colour = tuple[int, int, int]

WHITE: Colour = (250, 249, 245)
BLACK: Colour = (28, 26, 30)


class Scheme(NamedTuple):
    """The two colours that the products of one brand share."""

    base: Colour
    second: Colour


# Fewer schemes than brands, on purpose: several brands share their colours, as they do in shops.
SCHEMES: tuple[Scheme, ...] = (
    Scheme((243, 234, 212), (36, 88, 62)),
    Scheme((242, 243, 241), (30, 56, 112)),
    Scheme((172, 30, 46), (246, 232, 206)),
    Scheme((30, 50, 100), (222, 180, 84)),
    Scheme((22, 116, 122), (244, 236, 216)),
    Scheme((234, 174, 56), (104, 54, 30)),
    Scheme((38, 92, 62), (238, 228, 196)),
    Scheme((96, 40, 92), (244, 214, 208)),
    Scheme((206, 170, 124), (74, 46, 32)),
)

# In the order of the colour circle, so that neighbours in this table are neighbours in hue.
ACCENTS: dict[str, Colour] = {
    "red": (206, 38, 42),
    "vermilion": (226, 92, 28),
    "amber": (236, 150, 20),
    "lemon": (232, 202, 38),
    "lime": (146, 184, 40),
    "green": (44, 140, 66),
    "teal": (14, 140, 136),
    "azure": (34, 124, 196),
    "cobalt": (48, 72, 172),
    "violet": (112, 62, 160),
    "magenta": (178, 44, 128),
    "rose": (224, 92, 124),
}

FRUIT_COLOURS: tuple[Colour, ...] = (
    (200, 36, 44),
    (232, 130, 28),
    (112, 52, 128),
    (206, 58, 104),
    (152, 96, 44),
    (238, 206, 96),
)


def mix(first: Colour, other: Colour, fraction: float) -> Colour:
    """Blend two colours; `fraction` is how much of `other` there is, 0 to 1."""
    red, green, blue = (round(a + (b - a) * fraction) for a, b in zip(first, other, strict=True))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Return perceived brightness of a colour, 0 to 255."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def ink_on(background: Colour) -> Colour:
    """Return black or white, whichever can be read on the background."""
    return BLACK if luminance(background) > 140 else WHITE


def readable(colour: Colour, background: Colour) -> Colour:
    """Return the colour itself where it stands out from the background, else black or white."""
    return colour if abs(luminance(colour) - luminance(background)) > 70 else ink_on(background)


def distance(first: Colour, other: Colour) -> float:
    """Return how far apart two colours are, 0 to 441."""
    return float(sum((a - b) ** 2 for a, b in zip(first, other, strict=True))) ** 0.5
