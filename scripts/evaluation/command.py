"""The work of scripts.evaluate."""

from dataclasses import fields
from pathlib import Path

from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf
from rich.progress import track

from datamodules.box_files import Convention
from datamodules.crop_cache.growth import growth_told
from datamodules.sources.split_options import SplitOptions
from lightning_modules.recipe import last_key
from scripts.cli.overrides import typed_keys
from scripts.evaluation.checkpoints import find_checkpoints
from scripts.evaluation.files import write_photos, write_record
from scripts.evaluation.photos import Embedded, embed_photos, measure, photos_of_folder, photos_of_run
from scripts.evaluation.pictures import draw_worst
from scripts.evaluation.summary import fold_studies, worst_photos
from scripts.evaluation.terminal import describe, too_few
from scripts.evaluation.thresholds import check_calibration, describe_thresholds, learn_thresholds

# Options of a data source that say what it holds out.
SPLIT = frozenset(field.name for field in fields(SplitOptions))


def run(cfg: DictConfig) -> None:
    """Group the photos of every checkpoint, summarise the measures, and write table, rows and pictures.

    Raises:
        ValueError: If options contradict each other, or there is nothing to measure.
    """
    _check(cfg)
    with growth_told(Path(cfg.cache_dir)):
        runs, notes = _embed(cfg)
    thresholds = learn_thresholds(runs, cfg.calibrate_on)
    if thresholds or cfg.calibrate_on != "training":
        notes |= dict.fromkeys(describe_thresholds(thresholds, cfg.calibrate_on))
    results = [result for run in runs for result in measure(run)]
    studies, worst = fold_studies(results), worst_photos(results, cfg.worst)
    output = Path(cfg.output_dir)
    write_photos(results, output / "photos.csv")
    write_record(studies, worst, _settings(cfg) | {"thresholds": thresholds}, output / "evaluation.json")
    pictures = draw_worst(worst, output, cfg.boxes_alone)
    for note in notes:
        print(note if note.startswith("warning: ") else f"note: {note}")
    describe(studies, worst)
    warning = too_few(results)
    if warning:
        print(f"warning: {warning}")
    print("wrote " + ", ".join(map(str, [output / "photos.csv", output / "evaluation.json", *pictures])))


def _check(cfg: DictConfig) -> None:
    if cfg.photos is not None and cfg.get("data") is not None:
        raise ValueError("give either photos=FOLDER or data=..., not both")
    if cfg.worst < 0:
        raise ValueError(f"worst must be at least 0, got {cfg.worst}")
    check_calibration(cfg.calibrate_on)


def _embed(cfg: DictConfig) -> tuple[list[Embedded], dict[str, None]]:
    """Return the photos of every checkpoint as it embeds them, and what is to be told to the user, each once."""
    clustering = None if cfg.get("clustering") is None else instantiate(cfg.clustering)
    checkpoints = find_checkpoints(cfg.checkpoint, cfg.checkpoints, cfg.runs, cfg.cache_dir)
    split_is_typed = any(key.partition(".")[0] == "data" and last_key(key) in SPLIT for key in typed_keys())
    folder = None
    if cfg.photos is not None:
        convention = Convention.of_options(cfg.box_format, cfg.box_scale)
        folder = photos_of_folder(Path(cfg.photos), cfg.boxes, list(cfg.ignored_products), convention)
    runs, notes = [], dict[str, None]()
    for trained in track(checkpoints, "Embedding", transient=True, disable=len(checkpoints) < 2):
        held_out = folder or photos_of_run(trained, cfg.get("data"), split_is_typed)
        notes |= dict.fromkeys(held_out.notes)
        runs.append(embed_photos(trained, held_out, clustering, Path(cfg.cache_dir)))
    return runs, notes


def _settings(cfg: DictConfig) -> dict[str, object]:
    """Return what was asked for, as plain values."""
    chosen = {key: cfg.get(key) for key in ("data", "clustering")}
    plain = {key: None if part is None else OmegaConf.to_container(part, resolve=True) for key, part in chosen.items()}
    return {**plain, "photos": cfg.photos, "calibrate_on": cfg.calibrate_on}
