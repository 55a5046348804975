import pytest

from callbacks.figures.projector import ProjectorCallback


def test_a_sprite_that_kills_the_projector_is_refused():
    with pytest.raises(ValueError, match="exceed the projector's 8192 pixels"):
        ProjectorCallback(num_crops=20000, thumbnail_size=64)
    assert ProjectorCallback(num_crops=16384, thumbnail_size=64)


@pytest.mark.parametrize("options", [{"num_crops": 0}, {"thumbnail_size": 4}])
def test_wrong_numbers_are_named(options):
    with pytest.raises(ValueError, match=f"got .*{next(iter(options.values()))}"):
        ProjectorCallback(**options)
