"""Photos that are too many for one page."""

from PIL import Image

from scripts.group_output.entries import MAX_OTHERS, elsewhere_of
from scripts.group_output.many.index import Card, write_index, write_picture


def test_a_group_knows_the_first_other_photos_that_hold_it_and_how_many_more():
    names = [f"photo{number}" for number in range(MAX_OTHERS + 3)]
    found = elsewhere_of(names, [{0: number + 1, number + 1: 1} for number in range(len(names))])
    assert all(set(own) == {0} for own in found)
    assert [other.name for other in found[1][0].photos] == ["photo0", *names[2 : MAX_OTHERS + 1]]
    assert found[1][0].photos[0].count == 1
    assert {own[0].num_more for own in found} == {2}
    assert elsewhere_of(["alone"], [{0: 5}]) == [{}]
    assert elsewhere_of([], []) == []


def test_the_index_finds_photos_by_name_and_by_group(browser, tmp_path):
    cards = [
        Card(name, f"{name}/index.html", f"{name}/thumbnail.jpg", 60, 40, "3 items", groups)
        for name, groups in (("dairy", [1, 12]), ("tea", [2]), ("soap 2", [12]))
    ]
    for card in cards:
        write_picture(Image.new("RGB", (60, 40)), tmp_path / card.name)
    write_index(cards, tmp_path / "index.html", across_photos=True)
    browser.open(tmp_path / "index.html")

    def shown(text):
        return browser.run(
            f"(document.querySelector('input').value = '{text}', find(),"
            " all('.cards li:not([hidden]) a').map(a => a.querySelector('b').textContent + a.hash))"
        )

    assert len(shown("")) == 3
    assert shown("TEA") == ["tea"]
    assert shown("12") == ["dairy#group-12", "soap 2#group-12"]
    assert shown("2") == ["tea#group-2", "soap 2"]
