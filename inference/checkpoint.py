"""Reading a checkpoint: the weights and the recipe that a training wrote."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from analysis.whole_file import write_bytes
from datamodules.transforms.crop_resize import CropResize
from inference.parts import build_part
from inference.upgrade import upgrade_recipe
from lightning_modules.embedder import Embedder, take_former_names
from lightning_modules.recipe import Recipe, emptied
from lightning_modules.torch_file import check_weights, read_torch_file

EMBEDDER = "embedder."
# What Lightning needs of a training to go on with it. Some of it may be left out without an error, and with a training
# that begins anew.
STATE: dict[str, type] = {
    "epoch": int, "global_step": int, "loops": dict, "optimizer_states": list, "lr_schedulers": list, "callbacks": dict
}  # fmt: skip
NEVER_EMPTY = ("loops", "optimizer_states", "callbacks")


@dataclass(frozen=True)
class Checkpoint:
    """The content of a checkpoint.

    Attributes:
        recipe: What it knows of how it was made.
        weights: Tensors by name; those of the embedder begin with ``embedder.``.
        resumable: Whether the file also holds the state of its training, to go on from.
        epochs: Epochs that were trained, None where the file does not say it.
        source: The file, for messages.
    """

    recipe: Recipe
    weights: dict[str, Tensor]
    resumable: bool = False
    epochs: int | None = None
    source: str = "the checkpoint"

    @classmethod
    def read(cls, path: str | Path) -> "Checkpoint":
        """Return a checkpoint's content, read without executing anything in it.

        Args:
            path: A file that train.py or scripts.export wrote.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is not a checkpoint of this project, or its recipe holds more than plain values.
        """
        if Path(path).is_dir():
            raise ValueError(f"{path} is a folder: give the checkpoint in it, for example {path}/checkpoints/last.ckpt")
        if not Path(path).is_file():
            raise FileNotFoundError(f"there is no checkpoint {path}")
        content = read_torch_file(path)
        if not isinstance(content, dict) or not {"recipe", "state_dict"} <= content.keys():
            raise ValueError(f"{path} is not a checkpoint of this project: it holds no recipe")
        if not isinstance(content["recipe"], dict) or not isinstance(content["state_dict"], dict):
            raise ValueError(f"{path} is not a checkpoint of this project: its recipe or weights are not a mapping")
        recipe = Recipe.from_plain(upgrade_recipe(content["recipe"]), str(path))
        epoch = content.get("epoch")
        epochs = epoch + 1 if isinstance(epoch, int) else None
        return cls(recipe, content["state_dict"], _holds_training(content), epochs, str(path))

    def write(self, path: str | Path) -> None:
        """Write recipe and weights into a file, whole or not at all."""
        buffer = io.BytesIO()
        torch.save({"recipe": self.recipe.to_plain(), "state_dict": self.weights}, buffer)
        write_bytes(path, buffer.getbuffer())

    def build_resize(self) -> CropResize:
        """Return how crops are resized for the embedder."""
        return build_part(self.recipe.resize, self.source)

    def build_embedder(self) -> Embedder:
        """Return the trained embedder, in evaluation mode.

        Raises:
            ValueError: If the recipe names a part that is none of this project's, or the weights do not fit it.
        """
        names = [name for name in self.weights if str(name).startswith(EMBEDDER)]
        weights = {name.removeprefix(EMBEDDER): self.weights[name] for name in names}
        take_former_names(weights)
        # Without memory, for a recipe may ask for a network of any size; the weights that fit it are of the file's.
        with torch.device("meta"):
            expected = untrained_embedder(self.recipe, self.source).state_dict()
        check_weights(weights, expected, self.source)
        embedder = untrained_embedder(self.recipe, self.source)
        embedder.load_state_dict(weights)
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


def _holds_training(content: Mapping[object, object]) -> bool:
    typed = all(isinstance(content.get(key), kind) for key, kind in STATE.items())
    return typed and all(content[key] for key in NEVER_EMPTY)


def untrained_embedder(recipe: Recipe, source: str = "the recipe") -> Embedder:
    """Return the embedder that a recipe describes, with random weights; messages name the recipe's source."""
    # Pretrained ones would be read in vain.
    backbone = emptied(recipe.backbone, {"weights"})
    parts = (build_part(part, source) for part in (recipe.preprocessing, backbone, recipe.metric))
    return Embedder(*parts)
