"""Reading checkpoints of earlier formats."""

from collections.abc import Mapping
from typing import Any

from lightning_modules.recipe import FORMAT, PARTS, split_override


def upgrade_recipe(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recipe in today's format; one that is in it already is returned as it is.

    The first format kept the parts and the overrides as they were typed, the configuration of its run not; its oldest
    files hold resizing and preprocessing as one transform.

    Args:
        recipe: The plain recipe of a checkpoint.
    """
    if "format" in recipe:
        return dict(recipe)
    overrides = dict(split_override(str(override)) for override in recipe.get("overrides", []))
    parts = {part: recipe.get(part) for part in PARTS}
    if isinstance(recipe.get("transform"), dict):
        parts |= _split_transform(recipe["transform"])
    return {"format": FORMAT, **parts, "configuration": None, "choices": {}, "overrides": overrides}


def _split_transform(transform: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in transform.items() if not name.startswith("_")}
    resize = {name: rest.pop(name) for name in ("image_size", "shape") if name in rest}
    return {"resize": {"_target_": "CropResize", **resize}, "preprocessing": {"_target_": "BatchPreprocessing", **rest}}
