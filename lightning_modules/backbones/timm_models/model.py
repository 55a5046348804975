"""Building one of timm's networks by its name, with weights from a file, from a package or from timm's own download."""

from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from torch import Tensor

from lightning_modules.backbones.timm_models.efficientnet_lite import LITE, lite_state
from lightning_modules.backbones.weights import fitting_state, read_state

PRETRAINED = "pretrained"
# timm's networks have no type in common that has what all of them offer: forward_intermediates, feature_info and so on.
Model: TypeAlias = Any


def timm() -> ModuleType:
    """Return the package.

    Raises:
        ValueError: If it is not installed.
    """
    # An extra, and seconds to import: only those who use such a network wait for it.
    try:
        import timm
    except ImportError as error:
        raise ValueError(f"backbone=timm needs {error.name}; install it with pip install timm") from error
    return timm


def build_model(name: str, weights: str | None, input_size: int | None) -> Model:
    """Return a network without what follows its last level.

    Args:
        name: Of the network, as timm lists it, with or without the tag of its weights.
        weights: "pretrained" for timm's download, "efficientnet_lite" for an installed package's, the path of a file,
            or None for random weights; then nothing is ever downloaded.
        input_size: Side in pixels of what the network sees; None for its own.

    Raises:
        FileNotFoundError: If the weights are asked for and not at hand.
        ValueError: If name or size is none that the network can have, or the weights do not fit it.
    """
    check_name(name)
    model = _downloaded(name) if weights == PRETRAINED else timm().create_model(name)
    state: dict[str, Tensor] = {}
    if weights == LITE:
        state = lite_state(name, list(model.state_dict()))
    elif weights not in (None, PRETRAINED):
        state = read_state(Path(str(weights)))
    # Classifier and final normalisation are none of the levels.
    model.prune_intermediate_layers(None, prune_norm=True, prune_head=True)
    if state:
        model.load_state_dict(fitting_state(state, model.state_dict(), str(weights)))
    _set_input_size(model, name, input_size)
    return model


def check_name(name: str) -> None:
    """Check that timm has a network of a name, so that nothing else is looked for, here or in the network.

    Raises:
        ValueError: With names that are similar.
    """
    architecture, _, tag = str(name).partition(".")
    known = timm().list_models()
    if architecture not in known:
        similar = ", ".join(get_close_matches(architecture[:80], known)) or "timm.list_models()"
        raise ValueError(f"backbone.name must be a network of timm, got {name!r:.80}; see {similar}")
    tagged = timm().list_models(f"{architecture}.*", pretrained=True)
    if tag and name not in tagged:
        raise ValueError(
            f"backbone.name: timm has {architecture} with the weights {', '.join(tagged)}, got {name!r:.80}"
        )


def _downloaded(name: str) -> Model:
    try:
        return timm().create_model(name, pretrained=True)
    # What timm raises where there are no weights, and its download, by way of several packages, without a network.
    except (OSError, RuntimeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise FileNotFoundError(
            f"the weights of timm's {name} could not be downloaded ({reason:.120}). Bring the file, as "
            f"model.safetensors of huggingface.co/timm, and type backbone.weights=FILE, or backbone.weights=null for "
            "random weights"
        ) from error


def _set_input_size(model: Model, name: str, input_size: int | None) -> None:
    """Bring a network that takes images of one size, as most transformers do, to another one."""
    own, smallest = model.pretrained_cfg["input_size"][-1], model.feature_info[-1]["reduction"]
    fixed = model.pretrained_cfg["fixed_input_size"]
    if input_size in (None, own):
        return
    if fixed and not hasattr(model, "set_input_size"):
        raise ValueError(f"backbone.input_size: {name} takes {own} alone, got {input_size}")
    if input_size < smallest or (fixed and input_size % smallest):
        expected = f"a multiple of {smallest}" if fixed else f"at least {smallest}"
        raise ValueError(f"backbone.input_size of {name} must be {expected}, got {input_size}")
    if fixed:
        model.set_input_size(img_size=input_size)
