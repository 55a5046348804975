"""Groups the detections of a shelf photo with a trained checkpoint."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from scripts.command_line import explain_mistakes


@hydra.main(version_base="1.3", config_path="../conf", config_name="group")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Reads photo and boxes, groups, and writes the files."""
    from datamodules.box_files import read_scene
    from datamodules.pictures import read_picture
    from scripts.group_files import write_groups
    from scripts.grouping import Grouper

    grouper = Grouper.from_checkpoint(Path(cfg.checkpoint))
    scene = read_scene(Path(cfg.photo), Path(cfg.boxes))
    grouping = grouper.group(scene)
    paths = write_groups(grouping, read_picture(Path(cfg.photo)), Path(cfg.output_dir))
    clustering = grouping.clustering
    print(
        f"{len(scene)} detections in {clustering.num_clusters} groups and {len(grouping.congregations)} congregations, "
        f"{(clustering.labels < 0).sum()} alone"
    )
    print("wrote " + ", ".join(str(path) for path in paths))


if __name__ == "__main__":
    main()
