"""Reading checkpoints of earlier formats."""

from collections.abc import Mapping

from lightning_modules.recipe import FORMAT, PARTS, Plain, PlainDict, split_override


def upgrade_recipe(recipe: Mapping[str, Plain]) -> PlainDict:
    """Return a recipe in today's format; one that is in it already is returned as it is.

    The first format kept the parts and the overrides as they were typed, the configuration of its run not; its oldest
    files hold resizing and preprocessing as one transform.

    Args:
        recipe: The plain recipe of a checkpoint.
    """
    if "format" in recipe:
        return dict(recipe)
    typed, transform = recipe.get("overrides"), recipe.get("transform")
    overrides: PlainDict = {}
    if isinstance(typed, list):
        overrides |= dict(split_override(str(override)) for override in typed)
    parts: PlainDict = {part: recipe.get(part) for part in PARTS}
    if isinstance(transform, dict):
        parts |= _split_transform(transform)
    return {"format": FORMAT, **parts, "configuration": None, "choices": {}, "overrides": overrides}


def _split_transform(transform: Mapping[str, Plain]) -> PlainDict:
    rest: PlainDict = {name: value for name, value in transform.items() if not name.startswith("_")}
    resize: PlainDict = {name: rest.pop(name) for name in ("image_size", "shape") if name in rest}
    return {"resize": {"_target_": "CropResize", **resize}, "preprocessing": {"_target_": "BatchPreprocessing", **rest}}
