import pytest

from analysis.figures.names import shortened, text_inches


@pytest.mark.parametrize(
    ("names", "longest", "expected"),
    [
        ([], 10, []),
        (["soap"], 4, ["soap"]),
        (["abcdefghij"], 7, ["ab…ghij"]),
        (["soap/lemon", "soap/rose"], 8, ["…lemon", "…rose"]),
        (["soap/lemon", "tea/rose"], 8, ["so…lemon", "tea/rose"]),
        (["same name", "same name"], 5, ["s…ame", "s…ame"]),
    ],
)
def test_what_all_names_share_goes_first_and_then_the_middle(names, longest, expected):
    assert shortened(names, longest) == expected


def test_the_width_is_that_of_the_widest_text():
    assert text_inches([], 9) == 0
    assert text_inches(["", "mm", "i"], 9) == text_inches(["mm"], 9) > text_inches(["i"], 9) > 0
