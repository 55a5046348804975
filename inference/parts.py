"""The closed table of parts that a checkpoint may name: no dotted path that a file holds is ever imported."""

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from inspect import signature
from typing import Any

from lightning_modules.recipe import Plain, PlainDict

# Where each part is, by its class's name. A part is imported when it is built: the pretrained networks, OPTICS and
# the like take longer to import than a photo takes to group.
PARTS = {
    "CropResize": "datamodules.transforms.crop_resize",
    "BatchPreprocessing": "lightning_modules.preprocessing.batch_preprocessing",
    "AlexNetTwoLayer": "lightning_modules.backbones.alexnet_two_layer",
    "AlexNetPretrained": "lightning_modules.backbones.alexnet_pretrained",
    "CaffeNetPretrained": "lightning_modules.backbones.caffenet_pretrained",
    "TimmBackbone": "lightning_modules.backbones.timm_models.backbone",
    "JoinedBackbone": "lightning_modules.backbones.joined",
    "ColourHistogram": "lightning_modules.backbones.colour_histogram",
    "CosineMetric": "lightning_modules.metrics.cosine",
    "EuclideanMetric": "lightning_modules.metrics.minkowski",
    "ManhattanMetric": "lightning_modules.metrics.minkowski",
    "AgglomerativeClustering": "analysis.clustering.agglomerative",
    "CalibratedClustering": "analysis.clustering.calibrated",
    "DensityClustering": "analysis.clustering.density",
    "TwoPassClustering": "analysis.clustering.two_pass",
    "ClosingAggregation": "analysis.aggregation.closing_aggregation",
}

# Options that files of older versions hold and no part has any more, with the value that the part now always takes.
FORMER_OPTIONS = {"AgglomerativeClustering": {"linkage": "average"}}


def build_part(part: Mapping[str, Plain], source: str = "the checkpoint") -> Any:
    """Build the object that a part of a recipe describes.

    Args:
        part: The class under ``_target_``, of which only the last name counts, and its arguments as plain values, or
            as parts by name; ``_partial_`` leaves the call to whoever knows the arguments that are missing.
        source: The file that the part comes from, for messages.

    Raises:
        ValueError: If the class is none of the table, or an argument is not a plain value or unknown to it.
    """
    target = part.get("_target_")
    name = target.rpartition(".")[2] if isinstance(target, str) else ""
    if name not in PARTS:
        raise ValueError(f"{source}: the recipe asks for {target!r:.80}, which is not a part of this project")
    built = getattr(import_module(PARTS[name]), name)
    options = _without_former(name, {key: value for key, value in part.items() if not key.startswith("_")})
    if not all(_is_plain(value) for value in options.values()):
        raise ValueError(f"{source}: the recipe gives {name} more than plain values: {options!r:.200}")
    arguments = {key: _with_parts(value, source) for key, value in options.items()}
    try:
        signature(built).bind_partial(**arguments)
        return partial(built, **arguments) if part.get("_partial_") else built(**arguments)
    except Exception as error:
        # Whatever a stranger's value makes of a constructor.
        reason = " ".join(str(error).split())
        raise ValueError(f"{source}: the recipe does not fit {name}: {reason:.200}") from error


def _without_former(name: str, options: PlainDict) -> PlainDict:
    """Return the options that a part still has; another value than today's only one is an error."""
    former = FORMER_OPTIONS.get(name, {})
    for option, value in former.items():
        if options.get(option, value) != value:
            raise ValueError(
                f"the checkpoint's recipe asks for {name} with {option}={options[option]}, but only {option}={value} "
                "is left; choose another clustering with clustering=NAME"
            )
    return {option: value for option, value in options.items() if option not in former}


def _with_parts(value: Plain, source: str) -> Any:
    """Return an argument; of a mapping, with the parts that it describes by name."""
    if not isinstance(value, dict):
        return value
    return {name: build_part(item, source) if isinstance(item, dict) else item for name, item in value.items()}


def _is_plain(value: Plain) -> bool:
    """Return whether a value is plain, or a mapping of plain values and parts by name, but no part itself."""
    if isinstance(value, dict):
        return "_target_" not in value and all(isinstance(item, dict) or _is_plain(item) for item in value.values())
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, bool | int | float | str)
