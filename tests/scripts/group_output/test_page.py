"""The page of groups: what stands in the file, and how it behaves in a browser."""

import base64
import io
import re
from html import unescape

import numpy as np
import pytest
from markupsafe import escape
from PIL import Image

from scripts.group_output.page import write_group_page
from scripts.group_output.page_photo import PagePhoto
from scripts.group_output.thumbnails import Crop, crop_of, photo_uri

NASTY = '<b>"a" & $x\'s</b>'
PHOTO = ".picture"


def rectangle(x1, y1, x2, y2):
    return [[x1, y1], [x2, y1], [x2, y2], [x1, y2], [x1, y1]]


def page_photo(file, places, across=False, measures=None):
    """Return a photo of 600 x 400 whose places are (cluster, x, y, items of 20 by 40 in a row); cluster -1 is alone."""
    detections, congregations = [], []
    for cluster, x, y, count in places:
        names = [f"{NASTY}{len(detections) + step}" for step in range(count)]
        for step, name in enumerate(names):
            box = [x + 20 * step, y, x + 20 * step + 20, y + 40]
            detections.append({"id": name, "box": box, "cluster": cluster, "confidence": 0.5})
        if cluster >= 0:
            outline = rectangle(x, y, x + 20 * count, y + 40)
            congregations.append(
                {"id": 0, "cluster": cluster, "detections": names, "polygon": outline, "holes": [], "area": 1.0}
            )
    record = {"photo": {"file": file, "width": 600, "height": 400}, "across_photos": across}
    record |= {"detections": detections, "clusters": [], "congregations": congregations}
    return PagePhoto(record, Image.fromarray(np.full((400, 600, 3), 120, dtype=np.uint8)), measures)


# Group 0 stands in two places, group 9 is hatched and holds more than there is room for, one item is alone.
PLACES = [(0, 20, 20, 4), (0, 20, 300, 2), (3, 200, 20, 3), (9, 200, 150, 15), (-1, 450, 300, 1)]


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "made" / "one.html"
    write_group_page([page_photo(f"{NASTY}.jpg", PLACES, measures={"ARI": 0.93125, NASTY: 1.0})], path, title=NASTY)
    return path


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "several.html"
    places = {f"{'a' * 90}.jpg": PLACES, "b.jpg": [(3, 100, 100, 5), (4, 300, 100, 2)], "c.jpg": [(7, 100, 100, 1)]}
    write_group_page([page_photo(f"{NASTY}{file}", found, across=True) for file, found in places.items()], path)
    return path


def test_the_file_holds_everything_and_asks_for_nothing(single):
    text = single.read_text()
    assert not re.search(r"https?:|//\w+\.\w|@import|\ssrc=\"(?!data:)|url\((?!#)", text)
    assert text.count("<img") == 1
    assert text.count("<canvas") == 6 + 3 + 12 + 1
    assert "+ 3 more" in text
    assert "25 items, 3 groups in 4 places, 1 alone" in text
    assert "0.931" in text


def test_names_are_text_and_not_markup(single, several):
    for text in (single.read_text(), several.read_text()):
        assert NASTY not in text
        assert text.count(str(escape(NASTY))) > 30
        assert unescape(text).count(NASTY) == text.count(str(escape(NASTY)))


def test_a_hole_is_drawn(tmp_path):
    photo = page_photo("a.jpg", [(0, 100, 100, 6)])
    photo.record["congregations"][0]["holes"] = [rectangle(140, 110, 160, 130)]
    write_group_page([photo], tmp_path / "hole.html")
    [path] = re.findall(r'class="halo" d="([^"]*)"', (tmp_path / "hole.html").read_text())
    assert path.count("Z") == 2


def test_groups_with_numbers_of_their_own_are_not_linked(tmp_path):
    write_group_page([page_photo("a.jpg", PLACES), page_photo("b.jpg", PLACES, across=True)], tmp_path / "page.html")
    assert "also in" not in (tmp_path / "page.html").read_text()


def test_wrong_input_is_named(tmp_path):
    with pytest.raises(ValueError, match="at least one photo"):
        write_group_page([], tmp_path / "page.html")
    with pytest.raises(ValueError, match=r"a\.jpg: the picture is 400x600 pixels, but its record says 600x400"):
        PagePhoto(page_photo("a.jpg", []).record, Image.new("RGB", (400, 600)))


def test_a_photo_full_of_detail_and_without_items_has_a_light_page(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (1500, 1500, 3), dtype=np.uint8)
    photo = Image.fromarray(noise).resize((3000, 3000), Image.Resampling.BICUBIC)
    record = page_photo("a.jpg", []).record | {"photo": {"file": "a.jpg", "width": 3000, "height": 3000}}
    write_group_page([PagePhoto(record, photo)], tmp_path / "page.html")
    assert (tmp_path / "page.html").stat().st_size < 500_000
    assert "0 items, 0 groups in 0 places" in (tmp_path / "page.html").read_text()


def test_a_photo_with_small_boxes_is_larger_as_the_page_cuts_their_crops_from_it():
    photo = Image.new("RGB", (3000, 1500))
    for side, expected in ((400, 1600), (300, 1920), (20, 2560)):
        content = photo_uri(photo, [[0, 0, 10, side], [0, 0, 5, 5], [9, 9, 9 + side, 99]]).partition(",")[2]
        assert Image.open(io.BytesIO(base64.b64decode(content))).width == expected
    assert crop_of([-5, 10.5, 30, 2000], (3000, 1500)) == Crop("0 10.5 30 1500", 1, 56)


def test_the_list_shows_crops_of_the_photo(browser, several):
    browser.open(several)
    drawn = """all('.photo:not([hidden]) .thumbnails canvas').map(canvas => {
      const { data } = canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1);
      return [canvas.clientWidth, canvas.clientHeight, data[3]];
    })"""
    for number in (0, 1):
        browser.driver.find_element("css selector", f'nav [data-photo="{number}"]').click()
        shown = browser.run(drawn)
        assert shown
        assert all(max(width, height) == 56 and opacity == 255 for width, height, opacity in shown)


def test_pointing_lights_the_group_on_both_sides(browser, single):
    browser.open(single)
    browser.point('.badge[data-group="3"]')
    assert browser.lit() == ["3"]
    browser.point('.box[data-group="3"]')
    assert browser.lit() == ["3"]
    assert f"{NASTY}6: group 3, confidence 0.50" in browser.find(".note").text
    browser.point('.entry[data-group="0"] .heading')
    assert browser.lit() == ["0"]
    assert browser.run("all('.area.lit').length") == browser.run("all('.cut path').length") == 2
    assert browser.find(".note").text == "Group 0: 6 items in 2 places"
    for selector, lit in ((".box.alone", ["-1"]), (PHOTO, [])):
        browser.point(selector)
        assert browser.lit() == lit


def test_a_click_pins_and_escape_lets_go(browser, single):
    browser.open(single)
    browser.point('.badge[data-group="9"]', click=True)
    browser.point('.entry[data-group="0"] .heading')
    assert browser.lit() == browser.pinned() == ["9"]
    browser.press("ESCAPE")
    assert browser.lit() == browser.pinned() == []
    browser.point('.entry[data-group="3"] .heading', click=True)
    browser.point(PHOTO)
    assert browser.lit() == browser.pinned() == ["3"]
    browser.point(PHOTO, click=True)
    assert browser.lit() == browser.pinned() == []


def test_the_keyboard_reaches_everything(browser, single):
    browser.open(single)
    # The largest area comes first, and one tab leads from the photo to the list.
    for key, pinned in (("TAB", []), ("SPACE", ["9"]), ("ESCAPE", []), ("ENTER", ["9"]), ("ENTER", [])):
        browser.press(key)
        assert browser.pinned() == pinned
    for key, group in (("ARROW_UP", "3"), ("TAB", "0"), ("ARROW_DOWN", "3"), ("TAB", "9")):
        browser.press(key)
        assert browser.lit() == [group]
    labels = browser.run("all('.area, .group').map(e => e.getAttribute('aria-label'))")
    assert {"Group 3, 3 items", "Group 0: 6 items in 2 places", "Alone: 1 item"} <= set(labels)


def test_a_group_is_followed_to_other_photos(browser, several):
    browser.open(several)
    # Photos not yet asked for are not part of the document.
    assert browser.run("all('.photo').length") == 1
    browser.point('.entry[data-group="3"] .heading')
    assert browser.run("all('nav .holds').map(e => e.dataset.photo)") == ["0", "1"]
    browser.point('.entry[data-group="3"] [data-photo="1"]', click=True)
    assert browser.run("all('.photo:not([hidden])').map(e => e.id)") == ["photo-1"]
    assert browser.run("all('nav [aria-pressed=true]').map(e => e.dataset.photo)") == ["1"]
    assert browser.lit() == browser.pinned() == ["3"]
    assert browser.run("document.activeElement.parentElement.dataset.group") == "3"
    for photo, lit in ((2, []), (0, ["3"])):
        browser.driver.find_element("css selector", f'nav [data-photo="{photo}"]').click()
        assert browser.lit() == browser.pinned() == lit


def test_the_list_follows_what_is_pointed_at(browser, tmp_path):
    places = [(number, 20 + 50 * (number % 10), 20 + 60 * (number // 10), 2) for number in range(40)]
    write_group_page([page_photo("a.jpg", places)], tmp_path / "long.html")
    browser.open(tmp_path / "long.html")
    in_sight = "(e => e.top >= 0 && e.bottom <= innerHeight)(all('.entry')[39].getBoundingClientRect())"
    assert not browser.run(in_sight)
    browser.point('.badge[data-group="39"]')
    assert browser.run(in_sight)


@pytest.mark.parametrize("width", [320, 390, 800, 1400])
def test_no_width_scrolls_sideways(browser, single, several, width):
    for path in (single, several):
        browser.open(path, width, 844)
        assert browser.run("[innerWidth, Math.max(innerWidth, document.documentElement.scrollWidth)]") == [width, width]
        photo, entry = (browser.find(selector).rect for selector in (".stage", ".entry"))
        assert (entry["y"] >= photo["y"] + photo["height"]) == (width < 960)
        assert photo["width"] / photo["height"] == pytest.approx(1.5, rel=0.01)
        assert photo["width"] > 0.5 * min(width, 844)


def test_a_tap_on_a_phone_shows_the_group_below_the_photo(browser, single):
    browser.open(single, 390, 700)
    area = browser.find('.area[data-group="9"]').rect
    x, y = area["x"] + area["width"] / 4, area["y"] + area["height"] / 2
    for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
        browser.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert browser.lit() == browser.pinned() == ["9"]
