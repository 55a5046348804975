"""Old spellings answer with today's, and say so."""

import pytest

from scripts.cli.renamed import KEYS, VALUES, translate


@pytest.mark.parametrize(
    ("typed", "meant", "note"),
    [
        ("trainer=smoke", "debug=smoke", "trainer=smoke is now debug=smoke"),
        ("data=shelves", "data=joined", "data=shelves is now data=joined"),
        ("+experiment=detergents_report", "+experiment=detergents_original", None),
        ("~callbacks.discriminant_start", "~callbacks.lda_initialization", None),
        ("++callbacks.discriminant_start.crops_per_class=3", "++callbacks.lda_initialization.crops_per_class=3", None),
        ("data.withheld_fold=0", "data.unseen_fold=0", "withheld_fold is now unseen_fold"),
        ("data.sources.detergents.withheld_folds=4", "data.sources.detergents.unseen_folds=4", None),
        ("ckpt_path=a=b/last.ckpt", "resume=a=b/last.ckpt", "ckpt_path is now resume"),
        ("sampler=balanced,rooted", "sampler=balanced,sqrt", "sampler=rooted is now sampler=sqrt"),
        ("transform=stretch", "resize=stretch", None),
        ("transform=augmented", "preprocessing=augmented", None),
        ("transform.shift=0.1", "preprocessing.shift=0.1", "transform is now preprocessing"),
        ("transform.image_size=64", "resize.image_size=64", "transform.image_size is now resize.image_size"),
        ("+data@data.sources.x=shelves", "+data@data.sources.x=joined", None),
    ],
)
def test_an_old_spelling_is_translated(typed, meant, note):
    (translated,), (said,) = translate([typed])
    assert translated == meant
    assert note in (None, said)


@pytest.mark.parametrize(
    "typed",
    [
        "trainer=smoke,default",
        "data.root=shelves",
        "output_dir=ckpt_path",
        "data.root=",
        "sampler=rooted_more",
        "callbacks.discriminant_start_again=1",
        "module.transform=1",
        "--config-name",
        "-m",
        "lambda=1,3",
        "~data",
        "",
    ],
)
def test_everything_else_is_left_alone(typed):
    assert translate([typed]) == ([typed], [])


def test_each_note_is_said_once():
    assert translate(["a.withheld_fold=0", "b.withheld_fold=1"])[1] == ["withheld_fold is now unseen_fold"]


def test_no_new_spelling_is_an_old_one():
    new = [*VALUES.values(), *(f"data{key}=1" if key.startswith(".") else f"{key}=1" for key in KEYS.values())]
    assert translate(new) == (new, [])
