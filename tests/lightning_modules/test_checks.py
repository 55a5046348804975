import pytest

from lightning_modules.checks import check_choice, check_number, check_whole_number


def test_a_number_that_fits_is_returned():
    assert check_number("key", 2, "positive", lambda x: x > 0) == 2.0
    assert check_whole_number("key", 2, "positive", lambda x: x > 0) == 2


@pytest.mark.parametrize("value", [0, -1.5, "2", True, None, float("nan")])
def test_anything_else_is_named_with_what_to_type(value):
    with pytest.raises(ValueError, match=r"^head\.margin must be positive, got .*: try head\.margin=1$") as raised:
        check_number("head.margin", value, "positive", lambda x: x > 0, ": try head.margin=1")
    assert repr(value) in str(raised.value)


@pytest.mark.parametrize("value", [0, 2.0, "2", True, None])
def test_a_whole_number_is_no_fraction(value):
    with pytest.raises(ValueError, match="key must be positive, got"):
        check_whole_number("key", value, "positive", lambda x: x > 0)


def test_a_choice_is_one_of_those_there_are():
    check_choice("key", "a", {"a": 1, "b": 2})
    with pytest.raises(ValueError, match=r"^key must be one of a, b, got 'c'$"):
        check_choice("key", "c", ("a", "b"))
