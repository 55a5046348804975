"""The group command with a person's answers."""

import csv
import json
import shutil

import pytest
from support import compose_config

from analysis.review.answers import Answer
from scripts import group

SAME = Answer("same", (0, 2))
APART = Answer("different", (0,), (1,))
NAMED = Answer("name", (4,), name="Cola <zero>")
ALONE = Answer("name", (9,), name="$Fanta$ 0.5 l")


def run_group(output, **values):
    typed = [f"{key}={value}" for key, value in {**values, "output_dir": output}.items()]
    group.main.__wrapped__(compose_config(typed, name="group"))


def clusters(folder):
    return [item["cluster"] for item in json.loads((folder / "groups.json").read_text())["detections"]]


def test_a_review_without_answers_changes_nothing(store, save, tmp_path):
    for name, more in (("plain", {}), ("reviewed", {"answers": save()})):
        run_group(tmp_path / name, photo=store / "a.png", **more)
    for file in ("groups.json", "groups.csv", "overlay.png"):
        assert (tmp_path / "plain" / file).read_bytes() == (tmp_path / "reviewed" / file).read_bytes()


def test_answers_and_names_are_in_all_files(store, save, tmp_path, capsys):
    shown = Answer("different", (4,), (9,))
    run_group(tmp_path / "out", photo=store / "a.png", answers=save(SAME, shown, NAMED, ALONE))
    found = clusters(tmp_path / "out")
    assert found[0] == found[2] >= 0
    assert found[4] == found[9] == -1
    record = json.loads((tmp_path / "out/groups.json").read_text())
    assert [item.get("name", "") for item in record["detections"]] == [""] * 4 + ["Cola <zero>"] + [""] * 4 + [
        "$Fanta$ 0.5 l"
    ]
    with (tmp_path / "out/groups.csv").open() as file:
        assert [row["name"] for row in csv.DictReader(file)][4] == "Cola <zero>"
    assert "Cola &lt;zero&gt;" in (tmp_path / "out/index.html").read_text()
    assert not capsys.readouterr().err


def test_a_name_is_that_of_the_whole_group(store, save, tmp_path):
    run_group(tmp_path / "out", photo=store / "a.png", answers=save(Answer("name", (0,), name="$Tea$")))
    record = json.loads((tmp_path / "out/groups.json").read_text())
    cluster = record["detections"][0]["cluster"]
    assert [item["name"] for item in record["detections"] if item["cluster"] == cluster] == ["$Tea$"] * 4
    assert next(item for item in record["clusters"] if item["cluster"] == cluster)["name"] == "$Tea$"
    assert "Group 0, $Tea$" in (tmp_path / "out/index.html").read_text()


def test_of_two_reviews_the_later_one_counts_and_what_is_lost_is_named(store, save, tmp_path, capsys):
    save(SAME, Answer("name", (0,), name="tea"), name="review.json")
    later = [Answer("different", (0, 1, 5), (2, 3)), Answer("name", (1,), name="Tea")]
    save(*later, name="review (2).json")
    (tmp_path / "reviews/boxes.json").write_text("{}")
    run_group(tmp_path / "out", photo=store / "a.png", answers=tmp_path / "reviews")
    found = clusters(tmp_path / "out")
    assert found[0] != found[2]
    warnings = capsys.readouterr().err.splitlines()
    assert warnings == [
        "warning: the answer same about box 0 of a.png and box 2 of a.png is not kept: "
        "later answers say that they show different products",
        "warning: 'tea' and 'Tea' are one name, written 'Tea'",
    ]


def test_boxes_that_changed_are_matched_and_the_rest_is_named(store, save, tmp_path, capsys):
    moved = {f"new{number}": {"x1": x, "y1": 25, "x2": x + 50, "y2": 110} for number, x in enumerate((160, 22))}
    (tmp_path / "moved.json").write_text(json.dumps(moved))
    given = {"photo": store / "a.png", "boxes": tmp_path / "moved.json"}
    run_group(tmp_path / "out", **given, answers=save(SAME, Answer("same", (5, 6))))
    assert clusters(tmp_path / "out") == [0, 0]
    error = capsys.readouterr().err
    assert "a.png: 8 reviewed boxes are gone" in error
    assert "1 of 2 answers are about boxes that are gone" in error


def test_photos_that_were_reviewed_together_are_grouped_together(store, save, tmp_path, capsys):
    answers = save(Answer("name", (14,), name="Cola"), photos="ab", across=True)
    run_group(tmp_path / "out", photos=store, answers=answers)
    records = [json.loads((tmp_path / f"out/{name}/groups.json").read_text()) for name in "ab"]
    names = [item["name"] for record in records for item in record["detections"] if "name" in item]
    assert len(names) >= 2
    assert all(record["across_photos"] for record in records)
    assert "across_photos=true" in capsys.readouterr().out


BROKEN = {
    "{": "is not JSON",
    '{"format": "packed-scenes-review", "version": 2}': "this project reads version 1, got 2",
    '{"format": "packed-scenes-review", "version": 1, "photos": 3}': "photos cannot be read",
    "[]": "is not a review",
    b"\xff\xfe": "is not a review: it is no text in UTF-8",
}


@pytest.mark.parametrize("content", BROKEN)
def test_what_is_no_review_is_named(store, tmp_path, capsys, content):
    path = tmp_path / "review.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    fails(capsys, BROKEN[content], photo=store / "a.png", answers=path, output_dir=tmp_path / "out")
    assert not (tmp_path / "out").exists()


CHANGES = [
    (
        ("answers", 0, "name"),
        " ",
        "answers[0] cannot be read: a name belongs to the statement name and must not be empty",
    ),
    (("answers", 0, "name"), 5, "answers[0] cannot be read: a name must be a text, got 5"),
    (("answers", 0, "items"), [[0, 10]], "answers[0] cannot be read: there is no box 10 of photo 0"),
    (("photos", 0, "boxes", 3), [0, 0, 0, 5], "photos cannot be read: boxes must be lists of x1, y1, x2, y2"),
    (("photos", 0, "boxes", 3, 0), float("nan"), "photos cannot be read: boxes must be lists of x1, y1, x2, y2"),
    (("photos", 0, "sha256"), "0" * 64, "the review is of another a.png"),
    (("photos", 0), {"file": "c.png", "sha256": "0"}, "none of the photos was reviewed; the review is of c.png"),
]


@pytest.mark.parametrize(("place", "value", "message"), CHANGES)
def test_a_review_that_does_not_fit_is_named(store, save, tmp_path, capsys, place, value, message):
    path = save(NAMED)
    content = json.loads(path.read_text())
    *above, last = place
    within = content
    for key in above:
        within = within[key]
    within[last] = {**within[last], **value} if isinstance(value, dict) else value
    path.write_text(json.dumps(content))
    fails(capsys, f"{path}: {message}", photo=store / "a.png", answers=path, output_dir=tmp_path / "out")


def test_reviews_that_are_missing_are_named(store, tmp_path, capsys):
    fails(capsys, "answers: there is no file or folder nowhere", photo=store / "a.png", answers="nowhere")
    shutil.copy(store / "a.json", tmp_path)
    fails(capsys, f"answers: there is no review in {tmp_path}", photo=store / "a.png", answers=tmp_path)


def fails(capsys, message, **values):
    with pytest.raises(SystemExit):
        group.main.__wrapped__(compose_config([f"{key}={value}" for key, value in values.items()], name="group"))
    assert message in capsys.readouterr().err
