"""Measures how well checkpoints group labelled photos that they were not trained on."""

from pathlib import Path

import hydra
from omegaconf import DictConfig, OmegaConf

from scripts.cli.mistakes import explain_mistakes
from scripts.cli.process import prepare_process
from scripts.cli.start import start


@hydra.main(version_base="1.3", config_path="../conf", config_name="evaluate")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Groups the photos of every checkpoint, folds the measures, and writes table, rows and pictures.

    Raises:
        ValueError: If both photos and data are given.
    """
    from hydra.utils import instantiate
    from rich.progress import track

    from scripts.evaluation.checkpoints import find_checkpoints
    from scripts.evaluation.files import write_photos, write_record
    from scripts.evaluation.photos import embed_photos, measure, photos_of_folder, photos_of_run
    from scripts.evaluation.pictures import draw_worst
    from scripts.evaluation.summary import fold_studies, worst_photos
    from scripts.evaluation.terminal import describe
    from scripts.evaluation.thresholds import check_calibration, describe_thresholds, learn_thresholds

    prepare_process()
    data, chosen = cfg.get("data"), cfg.get("clustering")
    if cfg.photos is not None and data is not None:
        raise ValueError("give either photos=FOLDER or data=..., not both")
    if cfg.worst < 0:
        raise ValueError(f"worst must be at least 0, got {cfg.worst}")
    check_calibration(cfg.calibrate_on)
    clustering = None if chosen is None else instantiate(chosen)
    checkpoints = find_checkpoints(cfg.checkpoint, cfg.checkpoints, cfg.runs)
    folder = None
    if cfg.photos is not None:
        folder = photos_of_folder(Path(cfg.photos), cfg.boxes, list(cfg.ignored_products))
    runs, notes = [], dict[str, None]()
    for trained in track(checkpoints, "Embedding", transient=True, disable=len(checkpoints) < 2):
        held_back = folder or photos_of_run(trained, data)
        notes |= dict.fromkeys(held_back.notes)
        runs.append(embed_photos(trained, held_back, clustering, Path(cfg.cache_dir)))
    thresholds = learn_thresholds(runs, cfg.calibrate_on)
    if thresholds or cfg.calibrate_on != "training":
        notes |= dict.fromkeys(describe_thresholds(thresholds, cfg.calibrate_on))
    results = [result for run in runs for result in measure(run)]
    studies, worst = fold_studies(results), worst_photos(results, cfg.worst)
    output = Path(cfg.output_dir)
    output.mkdir(parents=True, exist_ok=True)
    write_photos(results, output / "photos.csv")
    settings = {"data": OmegaConf.to_container(data, resolve=True) if data is not None else None, "photos": cfg.photos}
    settings["clustering"] = OmegaConf.to_container(chosen, resolve=True) if chosen is not None else None
    settings |= {"calibrate_on": cfg.calibrate_on, "thresholds": thresholds}
    write_record(studies, worst, settings, output / "evaluation.json")
    pictures = draw_worst(worst, output, cfg.boxes_alone)
    for note in notes:
        print(f"note: {note}")
    describe(studies, worst)
    print("wrote " + ", ".join(map(str, [output / "photos.csv", output / "evaluation.json", *pictures])))


if __name__ == "__main__":
    start(main, "evaluate")
