"""The label map that an audit proposes: confident corrections active, the others commented out."""

import json
import shlex
from pathlib import Path
from typing import Any

from analysis.whole_file import write_text

HEADER = """\
# Proposed by scripts.audit. Confident findings are active, the others are commented out: look at audit.html, then
# remove the "# " before what you agree with and put one before what you do not. Train with {option}
"""


def write_label_map(record: dict[str, Any], path: Path) -> None:
    """Write what audit.json proposes as YAML that `data.label_map` takes."""
    lines = [
        HEADER.format(option=shlex.quote(f"data.label_map={path}")),
        "# New name: the classes that become it.",
        "merge:",
    ]
    lines += _merges(record["duplicated_classes"])
    lines += ["", "# Classes that hold several products.", "drop_classes:"]
    for item in record["mixed_classes"]:
        evidence = f"score {item['score']:.2f}, separation {item['separation']:.2f}, gap {item['gap']:.2f}"
        lines.append(_line(f"- {_quoted(item['class'])}", item["confident"], evidence))
    lines += ["", "# Crops under a wrong name.", "drop_crops:"]
    for item in record["mislabelled_crops"]:
        lines.append(
            _line(f"- {_quoted(item['crop'])}", item["confident"], f"{item['proposed']}, score {item['score']:.2f}")
        )
    write_text(path, "\n".join(lines) + "\n")


def _merges(pairs: list[dict[str, Any]]) -> list[str]:
    """Return the lines of the confident merges, chains of pairs as one, and of the others pair by pair."""
    groups: list[list[str]] = []
    for pair in pairs:
        if not pair["confident"]:
            continue
        touched = [group for group in groups if set(group) & set(pair["classes"])]
        joined = list(dict.fromkeys([name for group in touched for name in group] + pair["classes"]))
        groups = [group for group in groups if group not in touched] + [joined]
    lines = [_line(f"{_quoted(names[0])}: [{', '.join(map(_quoted, names))}]", True, "") for names in groups]
    for pair in pairs:
        if not pair["confident"]:
            names = pair["classes"]
            apart = "unknown" if pair["separability"] is None else f"{pair['separability']:.2f}"
            evidence = f"score {pair['score']:.2f}, separability {apart}, shared images {pair['shared_images']:.2f}"
            lines.append(_line(f"{_quoted(names[0])}: [{', '.join(map(_quoted, names))}]", False, evidence))
    return lines


def _line(text: str, active: bool, evidence: str) -> str:
    return ("  " if active else "  # ") + text + (f"  # {evidence}" if evidence else "")


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
