"""report.html: everything in one file that opens without a network."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from scripts.sweep_report.pictures import Picture
from scripts.sweep_report.runs import FAILED, UNFINISHED
from scripts.sweep_report.tables import SHOWN, Report

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d5dae0; --mark: #eaf3fb;
  --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --paper: #16191d; --ink: #d5dae0; --soft: #98a2ad; --line: #343a41;
  --mark: #1c2f40; --bad: #ff8a80; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; max-width: 72rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
p { margin: .3rem 0; } .soft, figcaption { color: var(--soft); font-size: .9rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { white-space: nowrap; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.first { background: var(--mark); } .reason { color: var(--bad); } .folder { overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.5rem 2rem; }
figure { margin: 0; } .wide { grid-column: 1 / -1; } img { width: 100%; height: auto; }
"""


def write_page(report: Report, pictures: Sequence[Picture], path: Path) -> None:
    """Writes the page.

    Args:
        report: What its tables say.
        pictures: Its figures, in their order.
        path: Of the file.
    """
    title = f"Runs in {escape(str(report.source))}"
    body = [f"<h1>{title}</h1>", f"<p>{escape(report.summary)}.</p>"]
    if report.rows:
        body += ["<h2>Settings, the best first</h2>", _settings_table(report)]
        body += [f'<p class="soft">{escape(note)}</p>' for note in report.notes]
    if pictures:
        body.append('<div class="pictures">' + "".join(_figure(picture) for picture in pictures) + "</div>")
    for status, heading in ((FAILED, "Failed"), (UNFINISHED, "Not finished: killed, or still running")):
        if report.lost(status):
            body += [f"<h2>{heading}</h2>", _lost_table(report.lost(status))]
    path.write_text(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _settings_table(report: Report) -> str:
    header = report.header()
    # Numbers stand to the right, settings to the left.
    words = range(1, len(header) - len(SHOWN) - 2)
    classes = ["" if place in words else ' class="number"' for place in range(len(header))]
    head = "".join(f"<th{kind}>{escape(cell)}</th>" for kind, cell in zip(classes, header, strict=True))
    lines = [
        "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(classes, line, strict=True))
        for line in report.lines()
    ]
    first = f'<tr class="first">{lines[0]}</tr>' + "".join(f"<tr>{line}</tr>" for line in lines[1:])
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{first}</tbody></table></div>'


def _lost_table(lines: Sequence[Sequence[str]]) -> str:
    rows = "".join(
        f'<tr><td>{escape(typed)}</td><td class="reason">{escape(reason)}</td>'
        f'<td class="folder">{escape(name)}</td></tr>'
        for typed, reason, name in lines
    )
    head = "<tr><th>run</th><th>reason</th><th>folder</th></tr>"
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _figure(picture: Picture) -> str:
    kind = ' class="wide"' if picture.wide else ""
    return (
        f"<figure{kind}><h2>{escape(picture.title)}</h2><picture>"
        f'<source media="(prefers-color-scheme: dark)" srcset="{picture.dark}">'
        f'<img src="{picture.light}" alt="{escape(picture.title)}"></picture>'
        f"<figcaption>{escape(picture.caption)}</figcaption></figure>"
    )
