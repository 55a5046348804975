"""How Lightning writes a checkpoint: whole or not at all, and the one before stays until then."""

import io
from pathlib import Path
from typing import Any

import torch
from lightning_fabric.plugins.io.torch_io import TorchCheckpointIO

from analysis.whole_file import write_bytes


class WholeFileIO(TorchCheckpointIO):
    """Writes beside the checkpoint's final place.

    Lightning's own way writes into the folder for temporary files, from which a checkpoint is copied, and not moved,
    where the run's folder lies on another device.
    """

    def save_checkpoint(self, checkpoint: dict[str, Any], path: str | Path, storage_options: object = None) -> None:
        """Write a checkpoint.

        Raises:
            OSError: If there is no room or no permission; names the file.
        """
        buffer = io.BytesIO()
        torch.save(checkpoint, buffer)
        write_bytes(path, buffer.getbuffer())
