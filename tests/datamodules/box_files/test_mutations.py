"""Broken box files end in a scene or in an error that names the file, never in anything else.

Each format is mutated BOX_MUTATIONS times (20); more by hand, with the counts: BOX_MUTATIONS=100 pytest -s ...
"""

import os
import random
from collections import Counter

import pytest
from box_builders import BUILDERS, NAME, PRODUCTS, SHELF, SIZE
from PIL import Image

from datamodules.box_files import read_scene

ROUNDS = int(os.environ.get("BOX_MUTATIONS", "20"))
TOKENS = [b"", b"0", b"-1", b"1e999", b"nan", b"null", b"true", b"[]", b"{}", b'"', b"'", b",", b";", b"\n", b"\r",
          b"\x00", b"\xff", b"\xef\xbb\xbf", b"<", b">", b"&amp;", b"x", b"1_0", b"9" * 20, b"\\ud800", b"]", b"}",
          b" ", b"\t", b"\x1f", "\ube44".encode(), "\ube44".encode("cp949"), b"..", b"/", b"0x10", b"1,5", b"-0.0",
          b"1e-300"]  # fmt: skip
FIRST, LAST = 0, 12


def mutated(data: bytes, generator: random.Random) -> bytes:
    """Return bytes with one to three places cut, doubled, swapped, overwritten or filled."""
    for _ in range(generator.randint(1, 3)):
        start = generator.randrange(len(data) + 1)
        length = generator.choice([0, 1, 1, 2, 5, 20, 200, len(data)])
        piece, token = data[start : start + length], generator.choice(TOKENS)
        new = generator.choice([b"", token, piece * 2, piece[::-1], bytes(generator.randbytes(3)), token * 50])
        data = data[:start] + new + data[start + length :]
    return data or b" "


@pytest.mark.parametrize("name", BUILDERS)
def test_every_outcome_is_a_scene_or_a_named_error(tmp_path, name):
    photo, file = tmp_path / NAME, tmp_path / "boxes.any"
    Image.new("RGB", SIZE).save(photo)
    generator = random.Random(name)
    # A short file: a mutation then hits more often what is no coordinate.
    data = BUILDERS[name](SHELF[FIRST:LAST], PRODUCTS[FIRST:LAST]).encode()
    outcomes: Counter[str] = Counter()
    for round in range(ROUNDS):
        # A name of its own: the same name written twice within a tick of the clock would be taken for the same file.
        file = tmp_path / f"boxes{round}.any"
        file.write_bytes(mutated(data, generator))
        try:
            scene = read_scene(photo, file)
        except (ValueError, FileNotFoundError) as error:
            said = str(error)
            outcomes["refused" if str(file) in said else f"unnamed: {said} by {file.read_bytes()!r}"] += 1
        else:
            outcomes["warned" if scene.warnings else "read"] += 1
    print(f"{name}: {dict(outcomes)}")
    assert outcomes["refused"] > 0
    assert outcomes.keys() <= {"refused", "warned", "read"}
