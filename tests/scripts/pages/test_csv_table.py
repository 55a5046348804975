"""A table is data, whoever chose the names in it."""

import csv

import pytest

from scripts.pages.csv_table import write_csv


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "-a", "-1e"],
)
def test_a_text_that_would_be_computed_is_shown_instead(tmp_path, text):
    write_csv(tmp_path / "a.csv", ["id", text], [[text, 1]])
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as stream:
        assert list(csv.reader(stream)) == [["id", f"'{text}"], [f"'{text}", "1"]]


@pytest.mark.parametrize(
    "cell", [-1, -0.5, 1e-9, "-5", "+5", "-.5", "-1.5e-07", "5", "a=b", "-", "+", "é", "", " =1", 'a, "b"']
)
def test_numbers_and_other_texts_stay_as_they_are(tmp_path, cell):
    write_csv(tmp_path / "a.csv", ["cell"], [[cell]])
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as stream:
        assert list(csv.reader(stream))[1:] == [[str(cell)]]
