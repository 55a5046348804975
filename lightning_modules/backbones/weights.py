"""Finding and loading pretrained weights from local files."""

from pathlib import Path

from torch import Tensor, nn

from lightning_modules.torch_file import read_torch_file

IMAGENET = "imagenet"


def local_weights(weights: str, weights_dir: str | None, file_name: str) -> Path | None:
    """Return the file that holds the weights, or None where "imagenet" is asked for and no local file exists.

    Args:
        weights: "imagenet" or the path of a file.
        weights_dir: Folder that is searched for ``file_name`` in the first case.
        file_name: Name under which the ImageNet weights are distributed.

    Raises:
        FileNotFoundError: If a path or a folder is given that does not exist.
    """
    if weights != IMAGENET:
        if not Path(weights).is_file():
            raise FileNotFoundError(f"backbone.weights: there is no file {weights}; give 'imagenet', a file, or null")
        return Path(weights)
    if weights_dir is None:
        return None
    if not Path(weights_dir).is_dir():
        raise FileNotFoundError(f"weights_dir: there is no folder {weights_dir}")
    path = Path(weights_dir) / file_name
    return path if path.is_file() else None


def load_features(features: nn.Sequential, source: Path | dict[str, Tensor]) -> None:
    """Load a state_dict of the features, or of the whole network whose keys start with ``features.``.

    Raises:
        ValueError: If the file is not a state_dict or does not fit the network.
    """
    try:
        state = read_torch_file(source) if isinstance(source, Path) else source
        if not isinstance(state, dict):
            raise KeyError("it is no state_dict")
        prefix = "features."
        inside = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
        features.load_state_dict(inside or state)
    except (RuntimeError, AttributeError, KeyError) as error:
        first_line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ValueError(f"{source} does not hold the weights of this network: {first_line}") from error
