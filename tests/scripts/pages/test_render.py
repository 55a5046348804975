"""Rendering templates: what is missing is named, and every page carries its own part of the style sheet alone."""

import re

import pytest
from jinja2 import UndefinedError

from scripts.pages.render import write_page

SWEEP = {"summary": "", "header": [], "lines": [], "notes": [], "num_settings": 0, "figures": [], "lost": {}}


def test_a_name_that_is_not_given_is_an_error(tmp_path):
    with pytest.raises(UndefinedError, match="is undefined"):
        write_page("sweep_report", tmp_path / "page.html", title="a")
    assert not list(tmp_path.iterdir())


def test_text_is_escaped_and_the_style_sheet_is_not(tmp_path):
    path = tmp_path / "new" / "page.html"
    write_page("sweep_report", path, **SWEEP | {"title": "<i>&"})
    text = path.read_text()
    assert "<title>&lt;i&gt;&amp;</title>" in text
    assert '"Segoe UI"' in text


def test_a_page_is_told_to_fetch_nothing_and_to_run_nothing(tmp_path):
    write_page("sweep_report", tmp_path / "page.html", **SWEEP | {"title": "a"})
    text = (tmp_path / "page.html").read_text()
    assert "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"" in text
    assert "<script" not in text


def test_a_page_carries_its_own_part_of_the_style_sheet_alone(tmp_path):
    write_page("sweep_report", tmp_path / "page.html", **SWEEP | {"title": "a"})
    style = re.search("<style>(.*)</style>", (tmp_path / "page.html").read_text(), re.DOTALL).group(1)
    assert ".reason" in style
    assert ".confident" not in style
    assert ".badge" not in style
    assert style.count("{") == style.count("}")
    assert "{%" not in style
