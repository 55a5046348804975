"""The review on the page: groups and questions as Python has them, and what keys, buttons, mouse and files do."""

import json
import time
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from analysis.aggregation.closing_aggregation import ClosingAggregation
from analysis.clustering.agglomerative import AgglomerativeClustering
from analysis.clustering.distance import pairwise_distance
from analysis.measures.grouping import grouping_measures
from analysis.review.answers import Answer
from analysis.review.questions import review
from analysis.review.review import Review
from analysis.review.settled import settle
from datamodules.scene import Scene
from inference.grouper import Grouper
from inference.inputs import PhotoInput
from scripts.group_output.files import write_all
from scripts.group_output.page import write_group_page
from scripts.group_output.page_photo import PagePhoto
from scripts.group_output.record import as_record
from scripts.pages.review import content
from scripts.pages.review.content import encoded_distances, page_review
from tests.support import real_data

THRESHOLD = 0.3
PRODUCTS = np.repeat(range(7), [4, 4, 3, 2, 1, 1, 1])


def answered(question, products, is_wrong=False):
    first, second = question.items
    if (products[first] == products[second]) != is_wrong:
        return Answer("same", (first, second))
    return Answer("different", (first,), (second,))


def simulated(distance, products, threshold, num_answers, slip=None):
    """Return the answers of a person who knows the products, the slip-th one wrong, and what is asked before each.

    Before each answer: the groups, the two items asked about, how many questions are worth asking, and whether they
    were asked about before.
    """
    answers, steps = [], []
    for number in range(num_answers + 1):
        found = review(distance, answers, threshold)
        asked = found.question
        shown = (list(asked.items), asked.num_worth, asked.is_again) if asked else (None, 0, False)
        steps.append([found.found.groups.tolist(), *shown])
        if asked is None or number == num_answers:
            break
        answers.append(answered(asked, products, number == slip))
    return answers, steps


def write_page(folder, num_photos=1, across=False, answers=()):
    """Write the page of photos with the same products; return its path and the embeddings of all detections."""
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(7, 16))
    photos, rows = [], []
    for number in range(num_photos):
        path = folder / f"shelf{number}.png"
        pixels = generator.integers(0, 255, (20, 30, 3)).astype(np.uint8)
        Image.fromarray(pixels).resize((600, 400)).save(path)
        places = [(70 * (i % 8) + 10, 180 * (i // 8) + 20) for i in range(16)]
        boxes = np.array([(x, y, x + 60, y + 150) for x, y in places], dtype=np.float32)
        scene = Scene(path.stem, tuple(map(str, range(16))), path, boxes)
        photos.append(PhotoInput(scene))
        rows.append((centres[PRODUCTS] + 0.6 * generator.normal(size=(16, 16))).astype(np.float32))
    embedder = SimpleNamespace(metric=SimpleNamespace(name="cosine"))
    clusterer = AgglomerativeClustering(distance_threshold=THRESHOLD)
    grouper = Grouper(None, embedder, clusterer, ClosingAggregation())
    together = [(photos, rows)] if across else [([photo], [row]) for photo, row in zip(photos, rows, strict=True)]
    found = [groups for part in together for groups in grouper.group_embedded(*part)]
    shown = [PagePhoto(as_record(groups, (600, 400), across), groups.scene.photo) for groups in found]
    told = page_review(found, [(600, 400)] * num_photos, grouper, across, answers)
    write_group_page(shown, folder / "index.html", review=told)
    return folder / "index.html", np.concatenate(rows)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("review"))


@pytest.fixture
def reviewed(browser, page):
    browser.open(page[0], 1280, 800)
    browser.run("localStorage.clear()")
    browser.driver.refresh()
    browser.find(".summary ~ .start-review", anywhere=True).click()
    return browser


def answers_of(browser):
    return Review.from_json(browser.run("toText(desk.answers)"), "page").answers


def reply(browser, answer, by_mouse=False):
    """Answer a question by its key or button, also one that is no longer worth asking."""
    if browser.find(".done").is_displayed():
        browser.find('.done [data-does="more"]').click()
    if by_mouse:
        browser.find(f'.question [data-does="{answer.says}"]').click()
    else:
        browser.key("y" if answer.says == "same" else "n")


def said(browser):
    return browser.run("panel.querySelector('.said').textContent")


def test_the_script_groups_and_asks_as_python_does(browser, page):
    generator = np.random.default_rng(0)
    cases, expected = [], []
    for number in range(30):
        count = int(generator.integers(0, 15))
        # Every other case has nothing but ties.
        values = generator.integers(0, 5, (count, count)) / 8 if number % 2 else generator.random((count, count))
        distance = np.triu(values, 1) + np.triu(values, 1).T
        products = generator.integers(0, 4, count)
        threshold = float(generator.choice([0.0, 0.25, 0.3, 0.6]))
        expected.append(simulated(distance, products, threshold, 8, slip=2)[1])
        cases.append([encoded_distances(distance), products.tolist(), threshold])
    browser.open(page[0])
    script = """
    return arguments[0].map(([text, products, threshold]) => {
      const [distance, answers, steps] = [decodeDistances(text, products.length), [], []];
      for (let step = 0; step <= 8; step++) {
        const { groups, question, numWorth } = review(distance, answers, { ...told, threshold });
        const lowest = products.map((_, item) => groups.find((members) => members.includes(item))[0]);
        steps.push([lowest, question && question.items, numWorth, Boolean(question?.isAgain)]);
        if (!question) break;
        const [one, two] = question.items;
        const isSame = (products[one] === products[two]) !== (step === 2);
        answers.push(...says[isSame ? "same" : "different"]([one, two]));
      }
      return steps;
    })"""
    assert browser.driver.execute_script(script, cases) == expected
    assert sum(step[-1] for steps in expected for step in steps) > 5


def test_names_and_contradictions_are_settled_as_in_python(browser, page):
    said = [
        Answer("name", (0, 1), name="Straße"),
        Answer("name", (5,), name=" STRASSE "),
        Answer("different", (0,), (5, 6)),
        Answer("same", (6, 7)),
        Answer("name", (7,), name="b"),
        Answer("name", (6, 7), name="B  c"),
        Answer("same", (2, 3)),
        Answer("different", (3,), (2,)),
    ]
    found = settle(said, 8)
    browser.open(page[0])
    plain = [{"says": a.says, "items": a.items, "others": a.others, "name": a.name} for a in said]
    script = """
    const { parts, names, contradictions } = settle(arguments[0], 8);
    return [[...parts], [...names].sort(), contradictions.map(({ answer, items }) => [answer, ...items]).sort()]"""
    parts, names, lost = browser.driver.execute_script(script, plain)
    assert parts == found.parts.tolist()
    assert dict(map(tuple, names)) == found.names
    assert lost == sorted([item.answer, *item.items] for item in found.contradictions)


def test_a_review_by_keyboard_is_python_s_and_is_kept(reviewed, page):
    answers, steps = simulated(pairwise_distance(page[1], "cosine"), PRODUCTS, THRESHOLD, 6)
    before = reviewed.run("[...desk.labels]")
    for answer in answers:
        reply(reviewed, answer)
    assert answers_of(reviewed) == tuple(answers)
    groups = np.array(steps[len(answers)][0])
    labels = reviewed.run("all('.box').sort((a, b) => a.dataset.item - b.dataset.item).map(e => +e.dataset.group)")
    assert [a == b >= 0 or i == j for i, a in enumerate(labels) for j, b in enumerate(labels)] == [
        a == b for a in groups for b in groups
    ]
    assert reviewed.run("all('.entry').reduce((sum, e) => sum + e.querySelectorAll('.item').length, 0)") == 16
    kept = reviewed.run("toText(desk.answers)")
    reviewed.driver.refresh()
    assert reviewed.run("toText(desk.answers)") == kept
    assert "Continued with" in said(reviewed)
    reviewed.find(".start-review", anywhere=True).click()
    for _ in answers:
        reviewed.key("u")
    assert answers_of(reviewed) == ()
    assert reviewed.run("[...desk.labels]") == before
    reviewed.key("u")
    assert "nothing to undo" in said(reviewed)


def test_before_the_first_answer_the_page_shows_what_the_command_found(reviewed, page):
    lines = "all('.shelf').map(e => e.textContent)"
    told = reviewed.run(lines)
    reviewed.driver.refresh()
    # The page as it was written, then as its script lists it.
    assert reviewed.run(lines) == told
    assert len(told) == 4
    assert reviewed.run("all('.box').map(e => +e.dataset.group).sort().join() === [...desk.labels].sort().join()")
    outlines = reviewed.run("all('.halo').length")
    reviewed.run("drawn.clear(), draw(0)")
    assert reviewed.run("all('.halo').length") == outlines


def test_an_answer_in_doubt_is_asked_again(reviewed, page):
    answers, steps = simulated(pairwise_distance(page[1], "cosine"), PRODUCTS, THRESHOLD, 6, slip=4)
    slip = answers[4]
    for answer in answers[:5]:
        reply(reviewed, answer)
    reviewed.run("BUTTONS.more()")
    assert [*steps[5][1:]] == [list(slip.pair), 0, True]
    assert reviewed.run("question().items") == list(slip.pair)
    assert reviewed.find(".question h2").text.startswith("You said these ")
    assert f"Your answer before was “{slip.says}”" in reviewed.find(".again").text
    # What was answered wrongly by mistake is corrected, and what was answered before is no contradiction.
    reply(reviewed, answers[5])
    assert answers_of(reviewed)[-1].says != slip.says
    assert "no longer counts" not in said(reviewed)


def item(number):
    return f'.item[data-item="{number}"]'


def test_groups_are_corrected_by_hand(reviewed):
    labels = reviewed.run("[...desk.labels]")
    one, two = (next(i for i, label in enumerate(labels) if label == number) for number in (0, 1))
    group = [i for i, label in enumerate(labels) if label == 0]
    reviewed.find(item(one)).click()
    reviewed.find('[data-does="split"]', anywhere=True).click()
    assert answers_of(reviewed)[-1] == Answer("different", (one,), tuple(set(group) - {one}))
    # What was split off goes to another group, by the bar and by dragging.
    reviewed.find(item(one)).click()
    reviewed.find('[data-does="move"]', anywhere=True).click()
    reviewed.find(item(two)).click()
    assert reviewed.run(f"desk.labels[{one}]") == reviewed.run(f"desk.labels[{two}]")
    reviewed.key("u")
    assert len(answers_of(reviewed)) == 1
    reviewed.drag(item(one), f'.entry[data-group="{labels[two]}"] .heading')
    assert answers_of(reviewed)[-1].says == "same"
    assert reviewed.run(f"desk.labels[{one}]") == reviewed.run(f"desk.labels[{two}]")
    reviewed.find('.entry[data-group="0"] [data-does="confirm"]').click()
    assert answers_of(reviewed)[-1] == Answer("same", tuple(set(group) - {one}))
    assert reviewed.find('.entry[data-group="0"] .tick').is_displayed()
    reviewed.find('.entry[data-group="0"] [data-does="merge"]').click()
    reviewed.find('.entry[data-group="1"] .heading').click()
    assert len(set(reviewed.run(f"[desk.labels[{group[-1]}], desk.labels[{two}]]"))) == 1


@pytest.fixture
def finger(reviewed):
    """Return what a finger does on a phone: it touches an item, holds it for some seconds, and moves to places."""
    touch = "Emulation.setTouchEmulationEnabled"
    reviewed.driver.execute_cdp_cmd(touch, {"enabled": True})
    reviewed.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    )

    def centre(element):
        return reviewed.driver.execute_script(
            "const { left, top, width, height } = arguments[0].getBoundingClientRect(); "
            "return { x: left + width / 2, y: top + height / 2 }",
            element,
        )

    def gesture(selector, hold, places):
        start = reviewed.find(selector)
        reviewed.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", start)
        points = [
            centre(start),
            *(places(centre(start)) if callable(places) else map(centre, map(reviewed.find, places))),
        ]
        for number, point in enumerate(points):
            kind = "touchMove" if number else "touchStart"
            reviewed.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
            time.sleep(0 if number else hold)
        # At rest at the end, or the page would go on scrolling for a while.
        time.sleep(0.1)
        reviewed.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    yield gesture
    reviewed.driver.execute_cdp_cmd(touch, {"enabled": False})


def test_a_finger_that_holds_an_item_drags_it_and_one_that_does_not_scrolls(reviewed, finger):
    labels = reviewed.run("[...desk.labels]")
    one, two = (labels.index(number) for number in (0, 1))
    held = item(one)
    before = reviewed.run("scrollY")
    finger(held, 0, lambda at: [{"x": at["x"], "y": at["y"] - step} for step in range(20, 200, 20)])
    assert answers_of(reviewed) == ()
    assert reviewed.run("scrollY") > before
    finger(held, 0.45, ['.badge[data-group="1"]'])
    assert answers_of(reviewed)[-1].says == "same"
    assert reviewed.run(f"desk.labels[{one}] === desk.labels[{two}] && !document.querySelector('.ghost, .target')")
    # A tap still chooses.
    finger(held, 0, [])
    assert reviewed.run("[...chosen]") == [one]


def test_names(reviewed):
    for number, name, told in ((0, "Cola zero", "is called Cola zero"), (1, " ", "at least one letter")):
        reviewed.find(f'.entry[data-group="{number}"] [data-does="name"]').click()
        reviewed.key(name, "ENTER")
        assert told in said(reviewed)
    assert len(answers_of(reviewed)) == 1
    reviewed.find('.entry[data-group="1"] [data-does="name"]').click()
    reviewed.key(" cola  ZERO", "ENTER")
    assert "is one product now" in said(reviewed)
    assert reviewed.find('.entry[data-group="0"] .name').text == "cola ZERO"
    # What stands alone has no heading, but a name.
    reviewed.find(item(15)).click()
    reviewed.find('.chosen [data-does="name"]', anywhere=True).click()
    reviewed.key("Tea", "ENTER")
    assert answers_of(reviewed)[-1] == Answer("name", (15,), name="Tea")
    assert reviewed.find(item(15)).get_attribute("aria-label") == "Item 15 of alone, Tea, answered"


def test_what_cannot_be_loaded_is_said_and_nothing_is_lost(reviewed, tmp_path):
    reviewed.key("n")
    mine = reviewed.run("toText(desk.answers)")
    plain = json.loads(mine)
    other = [{**plain["photos"][0], "sha256": "0" * 64, "file": "other.jpg"}]
    moved = [{**plain["photos"][0], "boxes": [[0, 0, 9, 9]]}]
    broken = [{"says": "same", "items": [[0, 99]]}]
    for text, told in (
        ("{", "it is not JSON"),
        ("[1]", "it is not a review"),
        (json.dumps(plain | {"version": 2}), "of version 2"),
        (json.dumps(plain | {"photos": other}), "of other photos (other.jpg)"),
        (json.dumps(plain | {"photos": moved}), "boxes of shelf0.png have changed"),
        (json.dumps(plain | {"answers": broken}), "answer 1 cannot be read"),
    ):
        assert told in load(reviewed, tmp_path, text)
        assert reviewed.run("toText(desk.answers)") == mine
    more = plain | {"answers": [{"says": "name", "items": [[0, 15]], "name": "Tea"}, *plain["answers"]]}
    assert "2 answers loaded" in load(reviewed, tmp_path, json.dumps(more))
    assert json.loads(reviewed.run("toText(desk.answers)"))["answers"] == more["answers"]


def load(browser, folder, text):
    (folder / "mine.json").write_text(text)
    browser.run("panel.querySelector('.said').textContent = ''")
    browser.driver.find_element("css selector", '.review input[type="file"]').send_keys(str(folder / "mine.json"))
    for _ in range(100):
        if said(browser):
            break
    return said(browser)


def test_where_the_browser_keeps_nothing_the_page_says_so_and_asks_before_it_closes(reviewed, tmp_path):
    reviewed.run("Object.defineProperty(window, 'localStorage', { get() { throw new Error('not for files') } })")
    reviewed.key("n")
    assert "keeps nothing" in reviewed.find(".kept.lost").text
    leave = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert reviewed.run(leave)
    places = {"behavior": "allow", "downloadPath": str(tmp_path)}
    reviewed.driver.execute_cdp_cmd("Browser.setDownloadBehavior", places)
    reviewed.find('.files [data-does="save"]').click()
    path = tmp_path / "review.json"
    for _ in range(200):
        if path.exists():
            break
        time.sleep(0.01)
    assert Review.from_json(path.read_text(), "page").answers == answers_of(reviewed) != ()
    assert not reviewed.run(leave)


@pytest.fixture
def two_tabs(reviewed, page):
    """Return a function that goes to one of two tabs with the same page, both under review."""
    tabs = [reviewed.driver.current_window_handle]
    reviewed.driver.switch_to.new_window("tab")
    tabs.append(reviewed.driver.current_window_handle)
    reviewed.open(page[0], 1280, 800)
    reviewed.find(".start-review", anywhere=True).click()
    yield lambda number: reviewed.driver.switch_to.window(tabs[number])
    reviewed.driver.close()
    reviewed.driver.switch_to.window(tabs[0])
    reviewed.run("localStorage.clear()")


def until(browser, script):
    """Wait until a tab has been told what another one did."""
    for _ in range(200):
        if browser.run(script):
            return
        time.sleep(0.01)
    raise AssertionError(f"{script} did not come true: {said(browser)}")


def test_two_tabs_of_a_page_have_the_answers_of_both(reviewed, two_tabs):
    reviewed.key("y")
    two_tabs(0)
    until(reviewed, "desk.answers.length === 1")
    assert "Another tab of this page has changed the answers: 1 answer" in said(reviewed)
    reviewed.key("n")
    both = answers_of(reviewed)
    two_tabs(1)
    until(reviewed, "desk.answers.length === 2")
    assert answers_of(reviewed) == both
    assert reviewed.run("regroup(currentUnit()).known.apart.length") == 1
    # What one takes back is gone in both.
    reviewed.key("u")
    two_tabs(0)
    until(reviewed, "desk.answers.length === 1")
    # Both at once: neither has heard of the other when it answers.
    reviewed.run("localStorage.setItem(KEY, toText(says.skip([0, 15]))), commit(says.different([0, 14]), '')")
    assert sorted(answer.says for answer in answers_of(reviewed)) == ["different", "same", "skip"]
    two_tabs(1)
    until(reviewed, "desk.answers.length === 3 && keptInBrowser() === toText(desk.answers)")


def test_a_page_made_with_answers_goes_on_from_them(browser, tmp_path):
    given = (Answer("name", (15,), name="Tea"), Answer("same", (0, 15)))
    path, _ = write_page(tmp_path, answers=given)
    browser.open(path)
    assert answers_of(browser) == given
    assert browser.run("desk.labels[0] === desk.labels[15] && desk.labels[0] >= 0")


def test_the_keyboard_moves_an_item(reviewed):
    labels = reviewed.run("[...desk.labels]")
    one, two = (labels.index(number) for number in (0, 1))
    reviewed.run(f"document.querySelector('.item[data-item=\"{one}\"]').focus()")
    reviewed.press("SPACE")
    assert reviewed.find(item(one)).get_attribute("aria-pressed") == "true"
    reviewed.key("m")
    reviewed.run("document.querySelector('.entry[data-group=\"1\"] .group').focus()")
    reviewed.press("ENTER")
    assert reviewed.run(f"desk.labels[{one}]") == reviewed.run(f"desk.labels[{two}]")
    reviewed.run(f"document.querySelector('.item[data-item=\"{one}\"]').focus()")
    reviewed.press("SPACE")
    reviewed.key("x")
    assert reviewed.run(f"desk.labels[{one}]") != reviewed.run(f"desk.labels[{two}]")


def test_photos_that_are_grouped_together_are_asked_about_together(browser, tmp_path):
    path, rows = write_page(tmp_path, num_photos=2, across=True)
    browser.open(path, 390, 844)
    browser.find(".start-review", anywhere=True).click()
    products = np.tile(PRODUCTS, 2)
    answers, steps = simulated(pairwise_distance(rows, "cosine"), products, THRESHOLD, 5)
    for answer in answers:
        reply(browser, answer, by_mouse=True)
    assert browser.run("starts") == [0, 16, 32]
    assert answers_of(browser) == tuple(answers)
    assert browser.run("[innerWidth, document.documentElement.scrollWidth]") == [390, 390]
    assert browser.run("question().items") == steps[-1][1]


def test_a_page_says_why_there_is_no_review(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(content, "MAX_DETECTIONS", 15)
    path = write_page(tmp_path)[0]
    browser.open(path)
    assert (
        "at most 15 items that are grouped together, these are 16"
        in browser.find(".summary + .summary", anywhere=True).text
    )
    assert "review-data" not in path.read_text()


@pytest.fixture
def cornershop():
    return real_data("CORNERSHOP")


# From a key or click to the frame that shows the next question.
STOPWATCH = """
window.waits = [];
for (const kind of ["keydown", "click"]) addEventListener(kind, (event) => {
  requestAnimationFrame(() => setTimeout(() => waits.push(performance.now() - event.timeStamp)));
}, { capture: true });
"""


@pytest.mark.parametrize("slip", [None, 0], ids=["right", "first_wrong"])
def test_real_photos_are_reviewed_as_simulated(cornershop, browser, tmp_path, slip):
    """With -s it prints the table of docs/review.md."""
    grouper = Grouper.load()
    found = grouper.group_photos([cornershop / f"{name}.jpg" for name in ("p10", "p25", "p39")], across_photos=False)
    write_all(found, [tmp_path / groups.scene.name for groups in found], tmp_path, grouper, False, False)
    browser.open(tmp_path / "index.html", 1280, 800)
    browser.run("localStorage.clear()")
    browser.driver.refresh()
    browser.driver.execute_script(STOPWATCH)
    browser.find(".start-review", anywhere=True).click()
    for place, groups in enumerate(found):
        browser.driver.find_element("css selector", f'nav [data-photo="{place}"]').click()
        distance = pairwise_distance(groups.embeddings, "cosine")
        products = groups.scene.labels
        answers, steps = simulated(distance, products, grouper.clusterer.distance_threshold, 20, slip)
        shown = []
        for step, (expected, *_) in enumerate(steps):
            labels = browser.run(f"[...desk.labels].slice(starts[{place}], starts[{place + 1}])")
            shown.append(grouping_measures(products, labels)["ari"])
            assert shown[-1] == grouping_measures(products, np.array(expected))["ari"]
            if step == 0:
                np.testing.assert_array_equal(labels, groups.labels)
            if step < len(answers):
                reply(browser, answers[step], by_mouse=bool(step % 2))
        assert Review.from_json(browser.run("toText(desk.answers)"), "page").of_photo(place) == tuple(answers)
        waits = np.array(browser.run("waits.splice(0)"))
        aris = ", ".join(f"{shown[count]:.3f}" for count in (0, 5, 10, 20) if count < len(shown))
        times = f"{np.median(waits):.0f} ms, at most {waits.max():.0f}"
        print(f"{groups.scene.name}: {len(groups)} boxes, ARI {aris}; {times}")
