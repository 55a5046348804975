"""Groups the detections of shelf photos with a trained checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import hydra
from omegaconf import DictConfig

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.process import prepare_process
from scripts.cli.start import start

if TYPE_CHECKING:
    import numpy as np

    from datamodules.scene import Scene
    from inference.grouper import Grouper, Grouping


@hydra.main(version_base="1.3", config_path="../conf", config_name="group")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Reads photos and boxes, groups, writes the files, and lists what failed.

    Raises:
        SystemExit: With code 1, if a photo of several could not be grouped.
    """
    from inference.grouper import Grouper
    from inference.shipped_checkpoint import checkpoint_or_shipped
    from scripts.group_output.files import write_all
    from scripts.group_output.summary import describe

    prepare_process()
    photos = find_photos(cfg.photo, cfg.photos)
    grouper = Grouper.from_checkpoint(checkpoint_or_shipped(cfg.checkpoint))
    boxes = Path(cfg.boxes) if cfg.boxes is not None else None
    scenes, embeddings, failures = embed_photos(grouper, photos, boxes, keep_going=cfg.photos is not None)
    if not scenes:
        raise ValueError("no photo could be grouped:\n  " + "\n  ".join(failures))
    groupings = group_photos(grouper, scenes, embeddings, cfg.across_photos)
    output = Path(cfg.output_dir)
    folders = [output / scene.name if cfg.photos is not None else output for scene in scenes]
    write_all(groupings, folders, output, cfg.across_photos, cfg.save_crops)
    describe(groupings, output, failures)
    if failures:
        raise SystemExit(1)


def find_photos(photo: str | None, photos: str | None) -> list[Path]:
    """Returns the one photo, or all photos of a folder in the order of their names.

    Raises:
        ValueError: If not exactly one of the two is given, or two photos of the folder share a name.
        FileNotFoundError: If there is no such folder, or no picture in it.
    """
    from datamodules.pictures import is_picture

    if (photo is None) == (photos is None):
        raise ValueError("give either photo=PATH or photos=FOLDER")
    if photo is not None:
        return [Path(photo)]
    if not Path(str(photos)).is_dir():
        raise FileNotFoundError(f"photos: there is no folder {photos}")
    found = sorted(path for path in Path(str(photos)).iterdir() if is_picture(path))
    if not found:
        raise FileNotFoundError(f"photos: there is no picture in {photos}")
    stems = [path.stem for path in found]
    if len(set(stems)) < len(stems):
        twice = next(stem for stem in stems if stems.count(stem) > 1)
        raise ValueError(f"photos: {photos} holds several pictures called {twice}; their results would overwrite")
    return found


def embed_photos(
    grouper: Grouper, photos: list[Path], boxes: Path | None, keep_going: bool
) -> tuple[list[Scene], list[np.ndarray], list[str]]:
    """Reads and embeds photo by photo.

    Args:
        grouper: Holds the embedder.
        photos: The photos.
        boxes: Their boxes; None for the files beside them.
        keep_going: Whether a photo that fails is noted instead of ending the command.

    Returns:
        Scenes, their embeddings, and what failed, each naming its photo.
    """
    from rich.progress import track

    from datamodules.box_files import find_box_file, read_scene

    scenes, embeddings, failures = [], [], []
    products: list[str] = []
    for photo in track(photos, "Embedding photos", transient=True, disable=len(photos) < 2):
        try:
            scene = read_scene(photo, find_box_file(photo, boxes)).numbered_in(products)
            embeddings.append(grouper.embed(scene))
            scenes.append(scene)
        except (ValueError, OSError) as error:
            if not keep_going:
                raise
            failures.append(f"{photo}: {error}")
    return scenes, embeddings, failures


def group_photos(
    grouper: Grouper, scenes: list[Scene], embeddings: list[np.ndarray], across_photos: bool
) -> list[Grouping]:
    """Groups each photo by itself, or all photos together."""
    if across_photos:
        return grouper.group(scenes, embeddings)
    return [grouper.group([scene], [rows])[0] for scene, rows in zip(scenes, embeddings, strict=True)]


if __name__ == "__main__":
    start(main, "group")
