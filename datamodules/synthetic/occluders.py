"""Things that hang or reach in front of the packages: price flags, signs and a customer's arm."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from datamodules.synthetic.packages.lettering import Typeface, write
from datamodules.synthetic.packages.palette import BLACK, WHITE, Colour, ink_on, mix
from datamodules.synthetic.stage import Stage

SIGN_COLOURS: tuple[Colour, ...] = ((214, 32, 40), (250, 212, 40), (36, 128, 74), (240, 238, 232), (232, 108, 30))
SIGN_WORDS = ("-20%", "-30%", "new", "2 for 1", "local", "save")
SKINS: tuple[Colour, ...] = ((236, 196, 168), (206, 154, 116), (150, 100, 68), (96, 62, 44))
SLEEVES: tuple[Colour, ...] = ((52, 62, 86), (120, 40, 44), (70, 90, 78), (150, 146, 140), (38, 38, 42))
SIGN_TYPE = Typeface(0.06, 0.0, True)


def _on_ground(picture: Image.Image, blur: float) -> Image.Image:
    """Soften the outline of something that is nearer than the shelf is sharp."""
    return picture.filter(ImageFilter.GaussianBlur(blur))


def price_flag(size: int, generator: np.random.Generator) -> Image.Image:
    """Return a round flag on a clear strip, as it sticks out from a price rail."""
    colour = SIGN_COLOURS[generator.integers(len(SIGN_COLOURS))]
    flag = Image.new("RGBA", (2 * size, 2 * size), (*mix(colour, BLACK, 0.4), 0))
    pen = ImageDraw.Draw(flag)
    pen.ellipse((4, 8, 2 * size - 4, 2 * size - 1), fill=(*mix(colour, BLACK, 0.45), 255))
    face = (4, 2, 2 * size - 4, 2 * size - 8)
    pen.ellipse(face, fill=(*colour, 255), outline=(*WHITE, 255), width=max(2, size // 14))
    words = write(str(generator.choice(SIGN_WORDS)), int(1.45 * size), int(0.6 * size), ink_on(colour), SIGN_TYPE)
    flag.paste(words, (size - words.width // 2, size - words.height // 2 - 3), words)
    return _on_ground(flag.resize((size, size), Image.Resampling.LANCZOS), 0.5)


def hanging_sign(width: int, generator: np.random.Generator) -> Image.Image:
    """Return a card on two threads from the board above."""
    height, thread = round(width * float(generator.uniform(0.5, 0.8))), width // 6
    colour = SIGN_COLOURS[generator.integers(len(SIGN_COLOURS))]
    sign = Image.new("RGBA", (width, height + thread), (*mix(colour, BLACK, 0.4), 0))
    pen = ImageDraw.Draw(sign)
    for x in (0.15 * width, 0.85 * width):
        pen.line((x, 0, x, thread), fill=(210, 210, 212, 255), width=2)
    pen.rounded_rectangle((0, thread, width - 1, thread + height - 1), width // 16, fill=(*colour, 255))
    inner = (width // 20, thread + width // 20, width - width // 20, thread + height - width // 20)
    pen.rounded_rectangle(inner, width // 24, outline=(*ink_on(colour), 255), width=max(1, width // 50))
    words = write(str(generator.choice(SIGN_WORDS)), int(0.74 * width), int(0.44 * height), ink_on(colour), SIGN_TYPE)
    sign.paste(words, ((width - words.width) // 2, thread + (height - words.height) // 2), words)
    return sign.rotate(float(generator.normal(0, 2)), Image.Resampling.BICUBIC, expand=True)


def arm(length: int, generator: np.random.Generator) -> Image.Image:
    """Return a forearm in a sleeve that reaches up, with a hand; out of focus, for it is close to the camera."""
    skin, sleeve = SKINS[generator.integers(len(SKINS))], SLEEVES[generator.integers(len(SLEEVES))]
    picture = Image.new("RGBA", (length // 2, length), (*mix(sleeve, BLACK, 0.3), 0))
    pen = ImageDraw.Draw(picture)
    _draw_sleeve(pen, length, sleeve)
    _draw_hand(pen, length, skin)
    return _on_ground(picture.rotate(float(generator.uniform(-30, 30)), Image.Resampling.BICUBIC), length / 200)


def _draw_sleeve(pen: ImageDraw.ImageDraw, length: int, sleeve: Colour) -> None:
    """Draw upright strips, lighter in the middle, that widen downwards from the cuff."""
    strips = 24
    for step in range(strips):
        place = (step + 0.5) / strips - 0.5
        shade = mix(sleeve, BLACK, 0.65 * abs(2 * place + 0.2) ** 1.5)
        start, end = (0.25 + 0.17 * place) * length, (0.25 + 0.24 * place) * length
        pen.line((start, 0.4 * length, end, length), fill=(*shade, 255), width=int(0.26 * length / strips) + 2)
    cuff = (0.155 * length, 0.385 * length, 0.345 * length, 0.43 * length)
    pen.rounded_rectangle(cuff, length // 60, fill=(*mix(sleeve, BLACK, 0.3), 255))


def _draw_hand(pen: ImageDraw.ImageDraw, length: int, skin: Colour) -> None:
    """Draw the back of a hand: wrist, four fingers and a thumb, each finger a little darker than the one before."""
    fingers = ((0.2, 0.13, 0.205), (0.232, 0.085, 0.228), (0.268, 0.08, 0.265), (0.302, 0.11, 0.295))
    thumb = (0.365, 0.2, 0.3)
    pen.line((0.25 * length, 0.25 * length, 0.25 * length, 0.4 * length), fill=(*skin, 255), width=length // 9)
    for order, (tip_x, tip_y, root_x) in enumerate((*fingers, thumb)):
        colour = (*mix(skin, BLACK, 0.05 * order), 255)
        half = 0.018 * length
        pen.line((tip_x * length, tip_y * length, root_x * length, 0.26 * length), fill=colour, width=round(2 * half))
        pen.ellipse(
            (tip_x * length - half, tip_y * length - half, tip_x * length + half, tip_y * length + half), colour
        )
    pen.rounded_rectangle(
        (0.188 * length, 0.21 * length, 0.312 * length, 0.34 * length), length // 20, fill=(*skin, 255)
    )


def hang_flags(stage: Stage, rail: int, scale: float, generator: np.random.Generator) -> None:
    """Put a flag or two on some price rails; `rail` is the upper edge of the rail in pixels."""
    for _ in range(int(generator.poisson(0.35))):
        flag = price_flag(round(scale * generator.uniform(5, 7)), generator)
        stage.add_cover(flag, int(generator.integers(stage.canvas.width)), rail - round(0.72 * flag.height))


def hang_sign(stage: Stage, top: int, scale: float, generator: np.random.Generator) -> None:
    """Hang a card under a board whose lower edge is `top`."""
    sign = hanging_sign(round(scale * generator.uniform(10, 15)), generator)
    stage.add_cover(sign, int(generator.integers(stage.canvas.width)), top)


def reach_in(stage: Stage, generator: np.random.Generator) -> None:
    """Let an arm reach in from below."""
    width, height = stage.canvas.size
    picture = arm(round(0.55 * height * generator.uniform(0.8, 1.1)), generator)
    stage.add_cover(picture, int(generator.integers(width - picture.width)), height - round(0.8 * picture.height))
