"""Tells what is wrong with a training set: duplicated and mixed classes, mislabelled crops, copies, leaks."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import hydra
from omegaconf import DictConfig

from scripts.cli.command_line import explain_mistakes


@hydra.main(version_base="1.3", config_path="../conf", config_name="audit")
@explain_mistakes
def main(cfg: DictConfig) -> None:
    """Describes the crops, audits them, and writes page, record and proposed label map."""
    from rich.progress import Progress

    from analysis.audit.audit import audit, steps
    from scripts.auditing.features import describe_crops
    from scripts.auditing.page import write_page
    from scripts.auditing.proposal import write_label_map
    from scripts.auditing.record import Subject, agreements, as_record, summary

    source, root = _source(cfg)
    collection = source.load()
    for note in collection.notes:
        print(f"note: {note}")
    truth = _read_truth(cfg.truth or (source.corruption_file() if hasattr(source, "corruption_file") else None))
    table = collection.training
    samples, store, described_by = describe_crops(table, cfg.checkpoint, cfg.weights_dir, Path(cfg.cache_dir))
    with Progress(transient=True, disable=len(samples) < 500) as progress:
        task = progress.add_task("Auditing", total=steps(samples))
        findings = audit(samples, lambda: progress.advance(task))
    subject = Subject.of(collection, samples, root, described_by)
    record = as_record(findings, subject)
    print("\n".join(summary(record)))
    if truth is not None:
        record["agreement_with_truth"] = [asdict(item) for item in agreements(record, truth)]
        print("\n".join(item.describe() for item in agreements(record, truth)))
    folder = Path(cfg.output_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "audit.json").write_text(json.dumps(record, indent=1) + "\n")
    write_page(findings, subject, store, folder / "audit.html")
    write_label_map(record, folder / "label_map.yaml")
    print(f"wrote {folder / 'audit.html'}, {folder / 'audit.json'} and {folder / 'label_map.yaml'}")


def _source(cfg: DictConfig) -> tuple[Any, Path]:
    """Returns the data source with nothing held back, and the folder that its crops' names begin at."""
    from hydra.utils import instantiate

    data = cfg.data.copy()
    nothing = {"validation_fraction": 0.0, "fold": None, "unseen_fraction": 0.0, "unseen_fold": None}
    for name in nothing.keys() & set(data):
        data[name] = nothing[name]
    source = instantiate(data)
    if "root" not in data and not hasattr(source, "folder"):
        raise ValueError("several sources cannot be audited at once: type data=... for one of them after the other")
    return source, Path(data.root) / data.get("crops", "") if "root" in data else source.folder()


def _read_truth(path: str | Path | None) -> dict[str, Any] | None:
    """Returns what was planted.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no corruption.json.
    """
    if path is None:
        return None
    if not Path(path).is_file():
        raise FileNotFoundError(f"truth: there is no file {path}")
    try:
        truth = json.loads(Path(path).read_text())
    except json.JSONDecodeError as error:
        raise ValueError(f"truth: {path} is no JSON: {error}") from error
    if not isinstance(truth, dict) or not {"duplicate", "mix", "mislabel"} <= truth.keys():
        raise ValueError(f"truth: {path} is no corruption.json; it must hold duplicate, mix and mislabel")
    return truth


if __name__ == "__main__":
    main()
