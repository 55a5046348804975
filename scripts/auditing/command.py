"""What the audit command does: describe the crops, audit them, and write what was found."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hydra.utils import instantiate
from omegaconf import DictConfig
from rich.progress import Progress

from analysis.audit.audit import audit, steps
from analysis.audit.samples import Samples
from analysis.whole_file import write_text
from datamodules.crop_cache.crop_store import CropStore
from datamodules.crop_cache.growth import growth_told
from datamodules.crop_datamodule import NOTES_SHOWN
from datamodules.sources.source_data import SourceData, with_usable_pictures
from scripts.auditing.features import Description, describe_crops
from scripts.auditing.page import write_audit_page
from scripts.auditing.proposal import write_label_map
from scripts.auditing.record import Subject, agreements, as_record, summary


def run_audit(cfg: DictConfig) -> None:
    """Audit the training set of a configuration, print a summary, and write audit.html, audit.json and label_map.yaml.

    Raises:
        FileNotFoundError: If data, checkpoint, weights or the file of injected noise are missing.
        ValueError: If the data cannot be audited.
    """
    source, root = _source(cfg)
    truth = _read_truth(cfg.truth)

    def described(content: SourceData) -> tuple[Samples, CropStore, Description]:
        return describe_crops(content.training, cfg.checkpoint, cfg.weights_dir, Path(cfg.cache_dir))

    with growth_told(Path(cfg.cache_dir)):
        collection, (samples, store, description) = with_usable_pictures(source.load(), described)
    if truth is None and hasattr(source, "corruption_file"):
        truth = _read_truth(source.corruption_file())
    for note in (*collection.warnings, *store.notes[:NOTES_SHOWN]):
        print(f"note: {note}")
    with Progress(transient=True, disable=len(samples) < 500) as progress:
        task = progress.add_task("Auditing", total=steps(samples))
        findings = audit(samples, lambda: progress.advance(task))
    subject = Subject.of(collection, samples, root, description)
    record = as_record(findings, subject)
    print("\n".join(summary(record)))
    if truth is not None:
        found = agreements(record, truth)
        record["agreement_with_truth"] = [asdict(item) for item in found]
        print("\n".join(item.describe() for item in found))
    folder = Path(cfg.output_dir)
    write_text(folder / "audit.json", json.dumps(record, indent=1) + "\n")
    write_audit_page(findings, subject, store, folder / "audit.html")
    write_label_map(record, folder / "label_map.yaml")
    print(f"wrote {folder / 'audit.html'}, {folder / 'audit.json'} and {folder / 'label_map.yaml'}")


def _source(cfg: DictConfig) -> tuple[Any, Path]:
    """Return the data source without a hold-out, and the folder that its crops' names begin at."""
    data = cfg.data.copy()
    nothing = {"validation_fraction": 0.0, "fold": None, "unseen_fraction": 0.0, "unseen_fold": None}
    for name in nothing.keys() & set(data):
        data[name] = nothing[name]
    source = instantiate(data)
    if "root" not in data and not hasattr(source, "folder"):
        raise ValueError("several sources cannot be audited at once: type data=... for one of them after the other")
    return source, Path(data.root) / data.get("crops", "") if "root" in data else source.folder()


def _read_truth(path: str | Path | None) -> dict[str, Any] | None:
    """Return the label noise that was injected.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is not a corruption.json.
    """
    if path is None:
        return None
    if not Path(path).is_file():
        raise FileNotFoundError(f"truth: there is no file {path}")
    try:
        truth = json.loads(Path(path).read_text())
    except json.JSONDecodeError as error:
        raise ValueError(f"truth: {path} is not JSON: {error}") from error
    if not isinstance(truth, dict) or not {"duplicate", "mix", "mislabel"} <= truth.keys():
        raise ValueError(f"truth: {path} is not a corruption.json; it must hold duplicate, mix and mislabel")
    return truth
