"""The benchmark command: every benchmark runs on little work, and its table says what was asked for."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from omegaconf import OmegaConf
from support import compose_config

from scripts import benchmark
from scripts.benchmarks import aggregation, clustering, embedding, memory, profile, start, training
from scripts.benchmarks.inputs.made_up_crops import TimedSource, write_crops, write_photo
from scripts.benchmarks.inputs.mixtures import mixture
from scripts.benchmarks.inputs.shelves import shelf_boxes
from scripts.benchmarks.timing.measure import Measurement, measure, time_command
from scripts.benchmarks.timing.stopwatch import Stopwatch
from scripts.benchmarks.timing.table import Table, growth_exponent, seconds_text
from scripts.benchmarks.work import aggregation_methods, grouping_work, profile_work
from scripts.benchmarks.work.memory_work import MemoryWatch, PhotosOfCrops, write_photos
from scripts.cli.mistakes import explain_mistakes
from scripts.cli.start import with_key


def settings(*overrides):
    return compose_config([*overrides, "repeats=1"], "benchmark")


@pytest.fixture
def no_processes(monkeypatch):
    """Measure without starting a process, which takes a second each."""
    orders = []

    def pretend(prepare, repeats, **arguments):
        orders.append((prepare.split(":")[1], arguments))
        return Measurement(0.001 * arguments.get("num_boxes", 60), 1.0, {"bcubed": 0.5, "congregations": 3.0})

    for module in (aggregation, clustering, start):
        monkeypatch.setattr(module, "measure", pretend)
    monkeypatch.setattr(start, "time_command", lambda command, repeats: 0.25)
    return orders


@pytest.mark.parametrize("arguments", [["clustering", "sizes=[60]"], ["name=clustering", "sizes=[60]"]])
def test_the_first_word_is_the_name(arguments):
    assert with_key(arguments, "name") == ["name=clustering", "sizes=[60]"]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["sizes=[60]"]])
def test_other_words_stay(arguments):
    assert with_key(arguments, "name") == arguments


def test_dense_methods_stop_at_their_limit(no_processes):
    table = clustering.run(settings("name=clustering", "sizes=[20,40]", "dims=[8]", "dense_limit=30"))
    sizes = {name: [row[2] for row in table.rows if row[0] == name] for name, _ in clustering.METHODS.values()}
    assert sizes["SciPy average linkage"] == ["20"]
    assert sizes["this project, average linkage"] == ["20", "40"]


def test_chosen_methods_are_measured_at_every_width(no_processes):
    table = clustering.run(settings("name=clustering", "sizes=[20]", "dims=[8,16]", "methods=[this_project]"))
    assert [row[:3] for row in table.rows] == [["this project, average linkage", width, "20"] for width in ("8", "16")]


def test_the_table_is_written_as_markdown(no_processes, tmp_path, capsys):
    path = tmp_path / "new" / "aggregation.md"
    cfg = settings("name=aggregation", "sizes=[10,100]", f"output={path}")
    explain_mistakes(benchmark.main.__wrapped__.__wrapped__)(cfg)
    lines = path.read_text().splitlines()
    assert "| this project | 10 | 10 ms | 1 MB | 3 |" in lines
    assert "* this project: time grows as n^1.0 between the two largest sizes" in lines
    assert "this project" in capsys.readouterr().out


def test_start_times_grouping_where_a_checkpoint_is_given(no_processes):
    assert len(start.run(settings("name=start")).rows) == 4
    table = start.run(settings("name=start", "checkpoint=a.ckpt", "photo=b.jpeg"))
    name = "scripts.group on that photo, picture, page and tables written"
    assert table.rows[-1] == [name, "250 ms", f"{0.25 / 0.31:.2f}"]
    assert table.rows[1] == ["train.py --help", "250 ms", "1.00"]
    decoding, computation = no_processes
    assert decoding == ("decode_photo", {"photo": str(Path("b.jpeg").resolve())})
    assert computation[1]["boxes"] is None


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["name=speed"], "no benchmark 'speed': type python -m scripts.benchmark "),
        (["name=clusterin"], "type python -m scripts.benchmark clustering"),
        (["name=clustering", "sizes=[0]"], "sizes must be at least 1"),
        (["name=clustering", "dims=[0]"], "dims must be at least 1"),
        (["name=clustering", "methods=[scipy]"], "no method 'scipy', only every_similarity"),
        ([], "name must be given: type python -m scripts.benchmark clustering; there are "),
    ],
)
def test_mistakes_are_named(overrides, message, capsys):
    with pytest.raises(SystemExit):
        explain_mistakes(benchmark.main.__wrapped__.__wrapped__)(settings(*overrides))
    assert message in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux forgets its highest memory")
def test_memory_of_the_caller_and_of_loading_hides_nothing(tmp_path, monkeypatch):
    megabyte = 2**17
    lines = [
        "import numpy as np",
        "def prepare():",
        f"    np.ones(200 * {megabyte})",
        f"    return lambda: np.ones(100 * {megabyte}), lambda result: {{}}",
    ]
    (tmp_path / "allocating.py").write_text("\n".join(lines))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    held = np.ones(300 * megabyte)
    assert 95 < measure("allocating:prepare", 1).megabytes < 150
    assert held.size


def test_a_method_is_measured_in_a_process_of_its_own(tmp_path):
    rows, products = mixture(40, 16, 0)
    np.savez(tmp_path / "40.npz", rows=rows, products=products)
    prepare = "scripts.benchmarks.work.clustering_methods:this_project"
    found = measure(prepare, 2, path=str(tmp_path / "40.npz"), threshold=0.3)
    assert found.seconds > 0
    assert found.megabytes >= 0
    assert 0 < found.scores["bcubed"] <= 1


def test_a_failing_process_says_why():
    with pytest.raises(ValueError, match="FileNotFoundError"):
        measure("scripts.benchmarks.work.clustering_methods:this_project", 1, path="/nowhere.npz", threshold=0.3)
    with pytest.raises(ValueError, match="failed"):
        time_command(["false"], 1)


@pytest.mark.parametrize("function", sorted(set(aggregation.METHODS.values())))
def test_every_way_of_aggregation_works(function):
    work, score = getattr(aggregation_methods, function)(num_boxes=25, seed=0)
    assert score(work()).get("congregations", 1) >= 1


def test_mixtures_hold_pairs_and_single_products():
    rows, products = mixture(600, 32, 0)
    assert rows.shape == (600, 32)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    sizes = np.bincount(products)
    assert (sizes == 1).sum() > 10
    assert (sizes == 2).sum() > 5
    assert np.array_equal(rows, mixture(600, 32, 0)[0])


def test_shelves_fill_a_square_photo():
    boxes, labels = shelf_boxes(400, 0)
    assert boxes.shape == (400, 4)
    assert (boxes[:, 2:] > boxes[:, :2]).all()
    assert boxes.max() < 2200
    assert 0 < (labels < 0).sum() < 50


def test_numbers_are_readable():
    assert [seconds_text(value) for value in (0.000_4, 0.0123, 0.5, 61.24)] == ["0.4 ms", "12 ms", "500 ms", "61.2 s"]
    assert growth_exponent([10, 100], [1.0, 100.0]) == pytest.approx(2)
    assert math.isnan(growth_exponent([10], [1.0]))
    assert Table("Title", ["a", "b"], [["x", "1"]]).markdown().splitlines()[2:5] == [
        "| a | b |",
        "| --- | ---: |",
        "| x | 1 |",
    ]


def test_settings_are_plain_values():
    assert OmegaConf.to_container(settings("name=start"))["sizes"] is None


def test_training_compares_with_its_bound(monkeypatch, tmp_path):
    parts = {"first": 8.0, "steady": 4.0, "closing": 0.2, "drawing": 2.2, "loading": 1.0}
    monkeypatch.setattr(training, "measure", lambda prepare, repeats, **_: Measurement(2.0, 1.0, parts))
    table = training.run(settings("name=training", "sizes=[6]"))
    assert ["this project, steady epoch with validation", "4.0 s", "2.00"] in table.rows
    assert [
        "this project, light, shift and erasing, bfloat16, first epoch with decoding",
        "8.0 s",
        "4.00",
    ] in table.rows
    assert all("10.0% of an epoch" in note for note in table.notes)
    write_crops(tmp_path, 12, 0)
    boxes = write_photo(tmp_path / "shelf.jpg", 0)[:1]
    found = TimedSource(tmp_path / "shelf.jpg", tmp_path / "shelf.jpg", boxes, 0)
    collection = replace(found, root=tmp_path).load()
    assert len(collection.training) >= 10
    assert sum(map(len, collection.scenes)) + len(collection.unplaced_crops) + len(collection.training) == 13


def test_an_inner_part_is_not_counted_for_the_outer_one(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])

    def sleep(seconds, then=lambda: None):
        now[0] += seconds
        then()
        return seconds

    watch = Stopwatch()
    inner = watch.timed("inner", sleep)
    outer = watch.timed("outer", lambda: sleep(1, lambda: inner(2)) + inner(4))
    whole = watch.timed("whole", lambda: outer() + sleep(8), whole=True)
    assert outer() == 5
    assert watch.take() == {"outer": 1, "inner": 6}
    watch.timed("all", lambda: (sleep(16), whole()))()
    assert watch.take() == {"all": 16, "whole": 15}
    with pytest.raises(ValueError, match="stop"):
        watch.timed("failing", lambda: sleep(3, lambda: int("stop")), whole=True)()
    inner(1)
    assert watch.take() == {"failing": 3, "inner": 1}


@pytest.mark.filterwarnings("ignore:The number of training batches")
@pytest.mark.filterwarnings("ignore:The '.*_dataloader' does not have many workers")
def test_a_profile_breaks_up_both_loops(monkeypatch):
    def run_here(prepare, repeats, **arguments):
        work, score = getattr(profile_work, prepare.split(":")[1])(**arguments)
        return Measurement(2.0, 0.0, score(work()))

    quiet_work = [f"scripts.benchmarks.work.{name}.keep_freed_memory" for name in ("original_loop", "project_training")]
    for quiet in ("torch.set_num_threads", *quiet_work):
        monkeypatch.setattr(quiet, lambda *_: None)
    monkeypatch.setattr(profile, "measure", run_here)
    # The plainest way, and the one that does most.
    monkeypatch.setattr(profile, "WAYS", dict(list(profile.WAYS.items())[:: len(profile.WAYS) - 1]))
    table = profile.run(settings("name=profile", "sizes=[200]"))
    assert [row[0] for row in table.rows] == [*profile_work.EPOCH_PARTS, "the whole epoch"]
    usual, *own = zip(*(row[1:] for row in table.rows), strict=True)
    assert [part for part, text in zip(profile_work.EPOCH_PARTS, usual, strict=False) if text == "-"] == [
        profile_work.SCORES,
        profile_work.CALLBACKS,
    ]
    assert len(own) == 2
    assert not any("-" in column for column in own)


def test_memory_shows_every_part_of_a_training(monkeypatch):
    parts = {"loaded": 300.0, "decoding": 350.4, "epoch 0": 400.0, "epoch 1": 400.0}
    monkeypatch.setattr(memory, "measure", lambda prepare, repeats, **_: Measurement(2.0, 1.0, parts))
    row = ["200", "2 MB", "300 MB", "350 MB", "400 MB", "400 MB", "-"]
    assert memory.run(settings("name=memory", "sizes=[200]")).rows == [row]


def test_the_watched_photos_are_full_of_crops(tmp_path):
    write_photos(tmp_path / "photos", 3, 0)
    with MemoryWatch() as watch:
        collection = PhotosOfCrops(tmp_path / "photos", 0, watch).load()
        watch.look()
    assert (len(collection.training), [len(scene) for scene in collection.scenes]) == (200, [100])
    assert collection.training.boxes.max() == 640
    if Path("/proc/self/status").is_file():
        assert 10 < watch.highest["anonymous"] <= watch.highest["decoding"]


def test_embedding_compares_photos_with_decoding_and_network_of_the_shipped_checkpoint(monkeypatch):
    monkeypatch.setattr(embedding, "NUM_PHOTOS", 1)
    monkeypatch.setattr(embedding, "NUM_BOXES", 6)
    monkeypatch.setattr("torch.set_num_threads", lambda count: None)

    def run_here(prepare, repeats, **arguments):
        work, score = getattr(grouping_work, prepare.split(":")[1])(**arguments)
        seconds = {"decode_photos": 1.0, "embed_crops": 3.0, "embed_photos": 6.0}[prepare.split(":")[1]]
        return Measurement(seconds, 0.0, score(work()))

    monkeypatch.setattr(embedding, "measure", run_here)
    table = embedding.run(settings())
    assert [row[2] for row in table.rows] == ["0.25", "0.75", "1.00", "1.50"]
    assert table.rows[-1][3] == "1"
    assert "shelves.ckpt: 113,216 parameters, 0.5 MB" in table.notes[0]
