"""audit.html: one self-contained page."""

from pathlib import Path

from analysis.audit.audit import Audit
from datamodules.crop_cache.crop_store import CropStore
from scripts.auditing import cards
from scripts.auditing.record import Subject, as_record, summary
from scripts.pages.render import write_page

MOST_MISLABELS = 60


def write_audit_page(findings: Audit, subject: Subject, store: CropStore, path: Path) -> None:
    """Write the page with all findings and their contact sheets.

    Args:
        findings: What was found.
        subject: What was audited.
        store: The decoded crops.
        path: The file to be written.
    """
    write_page(
        "audit",
        path,
        title="Audit of a training set",
        summary=summary(as_record(findings, subject)),
        duplicates=[cards.duplicate_card(pair, subject, store) for pair in findings.duplicates],
        mixtures=[cards.mixture_card(mixture, subject, store) for mixture in findings.mixtures],
        mislabels=[cards.mislabel_card(crop, subject, store) for crop in findings.mislabels[:MOST_MISLABELS]],
        num_more_mislabels=max(0, len(findings.mislabels) - MOST_MISLABELS),
        copies=cards.copy_counts(findings.copies, subject),
        near_copies=cards.near_copy_sheets(findings.copies, store),
    )
