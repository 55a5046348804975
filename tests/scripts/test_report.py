"""The report on a sweep: what is folded, what is listed, and what the page holds."""

import csv
import functools
import re
import xml.etree.ElementTree as ElementTree

import pytest
from matplotlib.colors import to_rgb
from omegaconf import OmegaConf
from support import compose_config
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from analysis.figures.palette import ALONE_COLOUR
from analysis.figures.sweep import lambda_figure, learning_curves_figure, trade_off_figure
from callbacks.result_file import write_result
from scripts import report
from scripts.cli.mistakes import explain_mistakes
from scripts.sweep_report.curves import read_curves
from scripts.sweep_report.effect import effect_of, has_effect
from scripts.sweep_report.figures import lambda_table
from scripts.sweep_report.rows import fold, largest_difference
from scripts.sweep_report.runs import read_runs


@functools.cache
def composed(*overrides):
    """Return a training's configuration, which takes a while; only read."""
    return compose_config([*overrides, "output_dir=unused"])


def write_run(folder, *overrides, **result):
    """Write what Hydra and the training would leave; without a result the run was killed."""
    cfg = OmegaConf.merge(composed(*overrides), {"output_dir": str(folder)})
    (folder / ".hydra").mkdir(parents=True)
    OmegaConf.save(cfg, folder / ".hydra/config.yaml")
    OmegaConf.save(OmegaConf.create(list(overrides)), folder / ".hydra/overrides.yaml")
    choices = {
        name: next((item.split("=")[1] for item in overrides if item.startswith(f"{name}=")), "cosine")
        for name in ("head", "metric")
    }
    OmegaConf.save(OmegaConf.create({"hydra": {"runtime": {"choices": choices}}}), folder / ".hydra/hydra.yaml")
    if result:
        write_result(folder, {"status": "finished", "monitor": "grouping_all/ari", "seconds": 60.0, **result})


def write_events(folder, values, name="grouping_all/ari"):
    """Write one value per epoch, ten steps each, as Lightning's logger does."""
    writer = EventFileWriter(str(folder))
    for epoch, value in enumerate(values):
        summary = Summary(value=[Summary.Value(tag=name, simple_value=value)])
        for item in (summary, Summary(value=[Summary.Value(tag="epoch", simple_value=epoch)])):
            writer.add_event(Event(step=10 * epoch + 9, wall_time=epoch, summary=item))
    writer.close()


def measures(value):
    return {"grouping_all/ari": value, "grouping_seen/ari": value + 0.1, "grouping_unseen/ari": value - 0.1}


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """Two heads, two lambdas and two seeds; one more run failed, and one was killed."""
    folder = tmp_path_factory.mktemp("sweep")
    for seed, gain in ((0, 0.0), (1, 0.2)):
        for scale, best in ((3, 0.3), (10, 0.5)):
            chosen = [f"lambda={scale}", f"seed={seed}"]
            write_run(
                folder / f"cosine{scale}{seed}", "head=cosine", *chosen, best=best + gain, measures=measures(best)
            )
            write_events(folder / f"cosine{scale}{seed}", [0.1, 0.2, best])
            write_run(folder / f"linear{scale}{seed}", "head=linear", *chosen, best=0.2 + gain, measures=measures(0.2))
    reason = "got -1: try <b>lambda=10</b> | or 3"
    write_run(folder / "failed", "head=cosine", "lambda=-1", "seed=0", status="failed", reason=reason)
    write_run(folder / "killed", "head=cosine", "lambda=30", "seed=0")
    return folder


@pytest.fixture(scope="module")
def written(sweep, tmp_path_factory):
    """The folder with the report on the sweep."""
    folder = tmp_path_factory.mktemp("report")
    report.main.__wrapped__(compose_config([f"runs={sweep}", f"output_dir={folder}"], name="report"))
    return folder


def test_seeds_and_runs_that_are_the_same_in_effect_are_folded(sweep):
    rows = fold(read_runs(sweep))
    assert [row.label for row in rows] == ["head=cosine lambda=10", "head=cosine lambda=3", "head=linear"]
    assert [(len(row.runs), len(row.distinct)) for row in rows] == [(2, 2), (2, 2), (4, 2)]
    best = rows[0].measures["best"]
    assert (best.mean, best.deviation, best.count) == (pytest.approx(0.6), pytest.approx(0.02**0.5), 2)
    # The linear runs of one seed are one run: neither mean nor spread may change by counting them twice.
    assert rows[2].measures["best"].deviation == pytest.approx(0.02**0.5)


def test_repeats_that_differ_are_told(sweep, tmp_path):
    assert largest_difference(fold(read_runs(sweep))) == (2, 0.0)
    for name, best in (("a", 0.5), ("b", 0.75)):
        write_run(tmp_path / name, "head=linear", best=best, measures={})
    assert largest_difference(fold(read_runs(tmp_path))) == (1, 0.25)


@pytest.mark.parametrize(
    ("overrides", "key", "expected"),
    [
        (["head=cosine"], "lambda", True),
        (["head=linear"], "lambda", False),
        (["head=cosine"], "seed", False),
        (["head=cosine"], "cache_dir", False),
        (["head=cosine"], "optimizer.lr", True),
        (["head=cosine"], "loss.class_weights", True),
        (["head=cosine"], "monitor", True),
        (["head=cosine"], "trainer.log_every_n_steps", False),
        (["head=linear"], "metric", True),
    ],
)
def test_an_effect_is_one_on_what_is_measured(overrides, key, expected):
    assert has_effect(composed(*overrides), key) is expected


def test_runs_are_the_same_wherever_they_lie(tmp_path):
    first, second = (compose_config([f"output_dir={tmp_path}/{name}", f"cache_dir={name}"]) for name in "ab")
    assert effect_of(first) == effect_of(second)
    assert effect_of(first) != effect_of(compose_config(["optimizer.lr=0.5", f"output_dir={tmp_path}/a"]))


def test_the_table_for_programs_holds_every_run(written):
    lines = list(csv.DictReader((written / "report.csv").read_text().splitlines()))
    assert [line["status"] for line in lines] == ["finished"] * 3 + ["failed", "unfinished"]
    assert float(lines[0]["best mean"]) == pytest.approx(0.6)
    assert float(lines[0]["grouping_seen/ari mean"]) == pytest.approx(0.6)
    assert lines[2]["lambda"] == "-"
    assert lines[3]["reason"] == "got -1: try <b>lambda=10</b> | or 3"
    assert lines[4]["lambda"] == "30"


def test_the_table_for_readers_lists_what_failed_and_what_was_killed(written):
    text = (written / "report.md").read_text()
    assert "10 runs: 8 finished, 1 failed, 1 unfinished; 3 settings." in text
    assert "| 1 | cosine | 10 | 2 | 2 | 0.600 ± 0.141 | 0.500 ± 0.000 |" in text
    assert "| head=cosine lambda=-1 seed=0 | got -1: try <b>lambda=10</b> \\| or 3 | failed |" in text
    assert "| head=cosine lambda=30 seed=0 |  | killed |" in text
    assert "differ by at most 0." in text


def test_the_page_needs_nothing_else(written):
    text = (written / "report.html").read_text()
    assert len(re.findall(r'src(?:set)?="data:image/svg', text)) == 6
    assert not re.findall(r'(?:src|srcset|href)="(?!data:)', text)
    assert "&lt;b&gt;lambda=10&lt;/b&gt;" in text
    ElementTree.fromstring(re.sub(r"<(meta|link|img|source)([^>]*)>", r"<\1\2/>", text).split("\n", 1)[1])


def test_the_page_can_be_read_on_dark_screens(written):
    text = (written / "report.html").read_text()
    assert text.count("prefers-color-scheme: dark") == 4
    light, dark = (re.search(rf'{name}="(data:[^"]+)', text).group(1) for name in ("src", "srcset"))
    assert light != dark


def test_the_same_runs_give_the_same_report(sweep, written, tmp_path):
    report.main.__wrapped__(compose_config([f"runs={sweep}", f"output_dir={tmp_path}"], name="report"))
    assert all((tmp_path / path.name).read_bytes() == path.read_bytes() for path in written.iterdir())


def test_a_sweep_in_which_nothing_finished_is_reported_too(tmp_path, capsys):
    write_run(tmp_path / "a", "lambda=-1", status="failed", reason="no")
    report.main.__wrapped__(compose_config([f"runs={tmp_path}"], name="report"))
    assert "1 runs: 0 finished, 1 failed, 0 unfinished; 0 settings" in capsys.readouterr().out
    assert "<figure" not in (tmp_path / "report.html").read_text()


def test_only_the_last_start_of_a_killed_run_is_drawn(tmp_path):
    write_events(tmp_path, [0.9] * 5)
    first = next(tmp_path.iterdir())
    first.rename(tmp_path / "events.out.tfevents.0.first")
    write_events(tmp_path, [0.1, 0.2])
    curve = read_curves(tmp_path)["grouping_all/ari"]
    assert curve == [(1, pytest.approx(0.1)), (2, pytest.approx(0.2))]
    assert read_curves(tmp_path / "nothing") == {}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ([], "runs must be given: type runs=PATH"),
        (["runs=nowhere"], "there is no folder nowhere: type runs=FOLDER"),
        (["runs=tests"], "there is no run in tests"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_end_in_one_line(capsys, overrides, message):
    with pytest.raises(SystemExit) as stopped:
        explain_mistakes(report.main.__wrapped__.__wrapped__)(compose_config(overrides, name="report"))
    assert stopped.value.code == 1
    assert message in capsys.readouterr().err


def test_lambda_is_drawn_on_a_logarithmic_axis_and_a_head_without_it_as_a_level(sweep):
    table = lambda_table(fold(read_runs(sweep)))
    assert sorted(value for value in table["lambda"] if value is not None) == [3, 3, 10, 10]
    axes = lambda_figure(table, "ARI").axes[0]
    assert axes.get_xscale() == "log"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["3", "10"]
    means = next(line for line in axes.lines if list(line.get_xdata()) == [3, 10])
    assert list(means.get_ydata()) == [pytest.approx(0.4), pytest.approx(0.6)]
    assert any(list(line.get_ydata()) == [pytest.approx(0.3)] * 2 for line in axes.lines)


def test_learning_curves_are_means_and_only_the_first_are_coloured():
    rows = [
        ("a", f"{number}  x", epoch, number + step) for number in range(1, 9) for epoch in (1, 2) for step in (0, 2)
    ]
    figure = learning_curves_figure(
        dict(zip(("measure", "setting", "epoch", "value"), zip(*rows, strict=True), strict=True))
    )
    lines = {line.get_ydata()[0]: line for line in figure.axes[0].lines if len(line.get_ydata()) == 2}
    assert sorted(lines) == [2, 3, 4, 5, 6, 7, 8, 9]
    grey = [value for value, line in lines.items() if to_rgb(line.get_color()) == pytest.approx(ALONE_COLOUR)]
    assert sorted(grey) == [8, 9]
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == [f"{number}  x" for number in range(1, 7)] + ["all others"]


def test_the_trade_off_has_one_scale_and_a_numbered_mark_per_setting():
    table = {"number": [1, 1, 2], "setting": ["x", "x", "y"], "seen": [0.8, 0.6, 0.3], "unseen": [0.2, 0.4, 0.5]}
    axes = trade_off_figure(table).axes[0]
    assert [(text.get_text(), *text.xy) for text in axes.texts] == [
        ("1", pytest.approx(0.7), pytest.approx(0.3)),
        ("2", pytest.approx(0.3), pytest.approx(0.5)),
    ]
    assert axes.get_xlim() == axes.get_ylim()


@pytest.mark.parametrize("draw", [learning_curves_figure, trade_off_figure, lambda table: lambda_figure(table, "ARI")])
def test_a_table_without_rows_is_refused(draw):
    with pytest.raises(ValueError, match="same number of rows, 1 or more"):
        draw({})
