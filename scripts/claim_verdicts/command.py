"""The work of scripts.claims."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from analysis.claims.figure import differences_figure
from analysis.claims.verdict import Verdict, judge
from analysis.whole_file import whole_file
from scripts.claim_verdicts.comparisons import Claim
from scripts.claim_verdicts.measured import Row, collect, keep, read_kept
from scripts.pages.csv_table import write_csv

COLUMNS = ("number", "claim", "verdict", "p", "comparison", "difference", "low", "high", "photos", "seeds", "needed")
DOTS_PER_INCH = 110


def run_claims(cfg: DictConfig) -> None:
    """Take in new results, judge all claims that were measured, and write verdicts.csv and a picture of each.

    Raises:
        FileNotFoundError: If there is no such folder, or no result.
        ValueError: If two sides of a claim have no photo in common.
    """
    output = Path(cfg.output_dir)
    claims = _claims(cfg)
    if cfg.runs is not None:
        _take_in(Path(cfg.runs), list(claims), output)
    kept = {name: read_kept(path) for name in claims if (path := output / f"{name}.csv").is_file()}
    missing = {name: claim.not_measured(kept.get(name, [])) for name, claim in claims.items()}
    measured = {name: rows for name, rows in kept.items() if not missing[name]}
    if not kept:
        raise FileNotFoundError(f"output_dir: there is no CLAIM.csv in {output}; type runs=FOLDER of measured runs")
    parts = {name: [item.part(rows) for item in claims[name].comparisons] for name, rows in measured.items()}
    verdicts = judge(parts, cfg.worth, cfg.count)
    lines = [line for name, rows in measured.items() for line in _lines(claims[name], rows, verdicts[name], cfg.worth)]
    write_csv(output / "verdicts.csv", COLUMNS, lines)
    for name, rows in measured.items():
        _draw(claims[name], rows, verdicts[name], cfg.worth, output / f"{name}.png")
    _tell(lines, missing)
    print(f"wrote {output / 'verdicts.csv'} and a picture of each claim")


def _claims(cfg: DictConfig) -> dict[str, Claim]:
    plain = OmegaConf.to_container(cfg.claims, resolve=True)
    assert isinstance(plain, dict)
    return {str(name): Claim.of_options(options) for name, options in plain.items()}


def _take_in(runs: Path, names: Sequence[str], output: Path) -> None:
    if not runs.is_dir():
        raise FileNotFoundError(f"runs: there is no folder {runs}")
    found = {name: rows for name in names if (rows := collect(runs / name))}
    if not found:
        raise FileNotFoundError(f"runs: there is no CLAIM/SIDE/photos.csv in {runs}; claims are {', '.join(names)}")
    for name, rows in found.items():
        keep(rows, output / f"{name}.csv")


def _lines(claim: Claim, rows: Sequence[Row], verdict: Verdict, worth: float) -> list[list[object]]:
    """Return a line of verdicts.csv for each comparison."""
    lines = []
    for item in claim.comparisons:
        found = item.difference(rows)
        low, high = found.interval or ("", "")
        numbers = [f"{value:.4f}" if isinstance(value, float) else value for value in (found.mean, low, high)]
        about = [claim.number, claim.statement, verdict.word, f"{verdict.chance:.2g}", item.title]
        lines.append([*about, *numbers, found.photos, found.seeds, found.photos_needed(worth)])
    return lines


def _draw(claim: Claim, rows: Sequence[Row], verdict: Verdict, worth: float, path: Path) -> None:
    compared = {item.shown_title: item.shown(rows) for item in claim.comparisons}
    shown = {title: found for title, found in compared.items() if found}
    if not shown:
        return
    figure = differences_figure(shown, worth, f"{claim.number}. {claim.statement}: {verdict.word}")
    with whole_file(path) as unfinished:
        figure.savefig(unfinished, dpi=DOTS_PER_INCH)


def _tell(lines: Sequence[Sequence[object]], missing: Mapping[str, Sequence[str]]) -> None:
    told = None
    for number, statement, word, chance, title, mean, low, high, photos, seeds, needed in lines:
        if number != told:
            print(f"{number}. {statement}: {word} (p {chance})")
        told = number
        counted = f"{photos} photos, {seeds} seed{'s' * (seeds != 1)}, {needed} photos needed"
        print(f"   {title}: {mean} [{low} {high}], {counted}")
    for name, sides in missing.items():
        if sides:
            print(f"not run: {name}, of which {', '.join(sides)} must be measured (conf/experiment/claims/{name}.yaml)")
