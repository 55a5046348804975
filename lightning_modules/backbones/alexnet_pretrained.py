"""torchvision's five-layer AlexNet, fine-tuned from its ImageNet weights."""

from pathlib import Path
from typing import Unpack

from torch import Tensor

from lightning_modules.backbones.convolutional import ConvolutionalBackbone
from lightning_modules.backbones.pooled import BackboneOptions
from lightning_modules.backbones.weights import load_features, local_weights


class AlexNetPretrained(ConvolutionalBackbone):
    """The convolutional layers of torchvision's AlexNet, of which the last ones are trained.

    Args:
        trainable_layers: Convolutional layers trained, counted from the end: 0..5 or "all".
        weights: "imagenet" (looked for in weights_dir, else torchvision's own download), the path of a file, or
            None for random weights.
        weights_dir: Folder with weights files.
        image_size: Side in pixels of the square crops.
        **embedding: Options of pooling and embedding block.

    Raises:
        FileNotFoundError: If the weights are neither found nor downloaded.
    """

    def __init__(
        self,
        trainable_layers: int | str = 1,
        weights: str | None = "imagenet",
        weights_dir: str | None = None,
        image_size: int = 224,
        **embedding: Unpack[BackboneOptions],
    ) -> None:
        # torchvision takes a second to import: only those who use this network wait for it.
        from torchvision.models import alexnet

        features = alexnet(weights=None).features
        if weights is not None:
            load_features(features, _weights_file(weights, weights_dir) or _download())
        super().__init__(features, trainable_layers, image_size, **embedding)


def _weights_file(weights: str, weights_dir: str | None) -> Path | None:
    return local_weights(weights, weights_dir, _file_name())


def _file_name() -> str:
    # As above.
    from torchvision.models import AlexNet_Weights

    return Path(AlexNet_Weights.IMAGENET1K_V1.url).name


def _download() -> dict[str, Tensor]:
    # As above.
    from torchvision.models import AlexNet_Weights

    try:
        return AlexNet_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True)
    except OSError as error:
        raise FileNotFoundError(
            f"the ImageNet weights of AlexNet could not be downloaded ({error}). Bring the file {_file_name()} "
            "and type weights_dir=FOLDER or backbone.weights=FILE, or backbone.weights=null for random weights"
        ) from error
