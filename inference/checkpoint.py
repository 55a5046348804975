"""Reading a checkpoint: the weights and the recipe that a training wrote."""

import io
import pickle
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from analysis.whole_file import write_bytes
from datamodules.transforms.crop_resize import CropResize
from inference.parts import build_part
from inference.upgrade import upgrade_recipe
from lightning_modules.embedder import Embedder
from lightning_modules.recipe import Recipe

EMBEDDER = "embedder."


@dataclass(frozen=True)
class Checkpoint:
    """The content of a checkpoint.

    Attributes:
        recipe: What it knows of how it was made.
        weights: Tensors by name; those of the embedder begin with ``embedder.``.
        resumable: Whether the file also holds the state of its training, to go on from.
    """

    recipe: Recipe
    weights: dict[str, Tensor]
    resumable: bool = False

    @classmethod
    def read(cls, path: str | Path) -> "Checkpoint":
        """Return a checkpoint's content, read without executing anything in it.

        Args:
            path: A file that train.py or scripts.export wrote.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is not a checkpoint of this project, or its recipe holds more than plain values.
        """
        if not Path(path).is_file():
            raise FileNotFoundError(f"there is no checkpoint {path}")
        try:
            content = torch.load(path, map_location="cpu", weights_only=True)
        except (RuntimeError, pickle.UnpicklingError, EOFError, KeyError, ValueError, OSError) as error:
            raise ValueError(f"{path} is not a checkpoint of this project: {type(error).__name__} {error}") from error
        if not isinstance(content, dict) or not {"recipe", "state_dict"} <= content.keys():
            raise ValueError(f"{path} is not a checkpoint of this project: it holds no recipe")
        if not isinstance(content["recipe"], dict) or not isinstance(content["state_dict"], dict):
            raise ValueError(f"{path} is not a checkpoint of this project: its recipe or weights are not a mapping")
        recipe = Recipe.from_plain(upgrade_recipe(content["recipe"]), str(path))
        return cls(recipe, content["state_dict"], "optimizer_states" in content)

    def write(self, path: str | Path) -> None:
        """Write recipe and weights into a file, whole or not at all."""
        buffer = io.BytesIO()
        torch.save({"recipe": self.recipe.to_plain(), "state_dict": self.weights}, buffer)
        write_bytes(path, buffer.getbuffer())

    def build_resize(self) -> CropResize:
        """Return how crops are resized for the embedder."""
        return build_part(self.recipe.resize)

    def build_embedder(self) -> Embedder:
        """Return the trained embedder, in evaluation mode.

        Raises:
            ValueError: If the recipe names a part that is none of this project's, or the weights do not fit it.
        """
        embedder = untrained_embedder(self.recipe)
        weights = {k.removeprefix(EMBEDDER): v for k, v in self.weights.items() if k.startswith(EMBEDDER)}
        try:
            embedder.load_state_dict(weights)
        except RuntimeError as error:
            raise ValueError(f"the checkpoint's weights do not fit its recipe: {error}") from error
        return embedder.eval()

    def without_training(self) -> "Checkpoint":
        """Return the embedder's weights and the recipe, without what only the machine of the training has.

        Head, optimizer and schedule are left out, and with them the way to go on with the training.
        """
        # Copies, for a tensor that is a view would take its whole storage along.
        weights = {
            name: value.detach().contiguous().clone()
            for name, value in self.weights.items()
            if name.startswith(EMBEDDER)
        }
        return Checkpoint(self.recipe.without_places(), weights)


def untrained_embedder(recipe: Recipe) -> Embedder:
    """Return the embedder that a recipe describes, with random weights."""
    backbone = dict(recipe.backbone)
    if "weights" in backbone:
        # Pretrained ones would be read in vain.
        backbone["weights"] = None
    return Embedder(build_part(recipe.preprocessing), build_part(backbone), build_part(recipe.metric))
