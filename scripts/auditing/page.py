"""audit.html: one self-contained page."""

import html
from collections.abc import Iterable
from pathlib import Path

from analysis.audit.audit import Audit
from datamodules.crop_cache.crop_store import CropStore
from scripts.auditing import sections
from scripts.auditing.record import Subject, as_record, summary
from scripts.auditing.style import STYLE


def write_page(findings: Audit, subject: Subject, store: CropStore, path: Path) -> None:
    """Writes the page with all findings and their contact sheets.

    Args:
        findings: What was found.
        subject: What was audited.
        store: The decoded crops.
        path: The file to be written.
    """
    first, *rest = summary(as_record(findings, subject))
    parts = [
        "<header><h1>Audit of a training set</h1>",
        f"<p>{html.escape(first)}.</p>",
        *(f"<p>{html.escape(line[:1].upper() + line[1:])}.</p>" for line in rest),
        f"<p>A linear classifier names {findings.accuracy:.1%} of the crops as the data set does when it has not seen "
        "their photo. Findings marked <b class='sure'>sure</b> are active in label_map.yaml; the others are commented "
        "out there and wait for your judgement.</p></header>",
        *_sections(findings, subject, store),
    ]
    path.write_text(_document("\n".join(parts)))


def _sections(findings: Audit, subject: Subject, store: CropStore) -> Iterable[str]:
    yield _section(
        "Duplicated classes",
        "Several names for one product: no classifier taught on other photos can tell the two apart (separability near "
        "0.5 or below), or they hold the same files. Look for a word, a size or a scent that differs: a small one may "
        "escape the features.",
        [sections.duplicate(pair, subject, store) for pair in findings.duplicates],
    )
    yield _section(
        "Mixed classes",
        "Several products under one name: the class falls into parts that have no nearest neighbours in each other "
        "(separation near 1) and lie about as far apart as two classes do (gap near 1).",
        [sections.mixture(mixture, subject, store) for mixture in findings.mixtures],
    )
    yield _section(
        "Mislabelled crops",
        "Single crops that both a classifier and their nearest neighbours, all from other photos, give to another "
        "class. Each row: the crop, then crops of its class, then crops of the proposed one.",
        sections.mislabels(findings.mislabels, subject, store),
    )
    yield _section(
        "Copies",
        "Byte-identical images, and near-copies: as alike as an image and its own recompression. Near-copies may also "
        "be two shots of one package from one spot.",
        sections.copies(findings.copies, subject, store),
    )


def _section(title: str, explanation: str, cards: list[str]) -> str:
    body = "\n".join(cards) if cards else "<p class='none'>None found.</p>"
    return f"<section><h2>{title}</h2><p class='why'>{explanation}</p>{body}</section>"


def _document(body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Audit of a training set</title>'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )
