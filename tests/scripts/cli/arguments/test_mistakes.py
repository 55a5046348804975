"""Each mistake on the command line is answered by what to type instead."""

import re

import pytest
from support import compose_config

from scripts.cli.arguments.check import check_arguments, split_flags
from scripts.cli.arguments.explain import explanation
from scripts.cli.arguments.types import check_types

SILENT = [
    ("logger=null", "type logger=none"),
    ("head=null", "head cannot be left out; head is one of arcface"),
    ("~head", "head cannot be left out"),
    ("~lambda", "lambda cannot be left out"),
    ("head=", "head= has no value: type head=OPTION, one of arcface"),
    ("lambda=", "lambda= has no value: type lambda=VALUE"),
    ("data.root=", "data.root= has no value"),
    ("+hed=cosine", "nothing reads hed; type head=cosine"),
    ("+nonsense=3", "nothing reads nonsense; leave it out"),
    ("head=cosine head=linear", "head is given twice, as head=cosine and head=linear: type one of them"),
    ("lambda=3 lambda=10", "lambda is given twice"),
    ("lambda 10", "type lambda=10"),
    ("cosine", "type metric=cosine or head=cosine or scheduler=cosine"),
    ("best.ckpt", "type resume=best.ckpt"),
    ("--lambda 10", "--lambda is no flag: options are typed without dashes and with an equals sign: lambda=10"),
    ("--lambda=10", "lambda=10"),
    ("--multi-run lambda=1,3", "type -m"),
    ("-n lambda=1,3", "type -m for a sweep"),
]
REFUSED = [
    ("hed=cosine", "there is no hed; type head=cosine"),
    ("optimiser.lr=0.1", "type optimizer.lr=0.1"),
    ("lr=0.1", "type optimizer.lr=0.1"),
    ("lamda=3", "type lambda=3"),
    ("-m lamda=1,3", "type lambda=1,3"),
    ("trainer.max_epoch=2", "type trainer.max_epochs=2"),
    ("trainer.gradient_clip_val=1", "type +trainer.gradient_clip_val=1"),
    ("backbone=resnet", "backbone=resnet: there is no such option; backbone is one of alexnet_last1"),
    ("head=cosin", "type head=cosine; head is one of"),
    ("-m head=cosine,linaer", "head=linaer: there is no such option; type head=linear"),
    ("experiment=recommended", "type +experiment=recommended"),
    ("experiment=recomended", "type +experiment=recommended"),
    ("+head=linear", "type head=linear"),
    ("+lambda=3", "there is a lambda already; type lambda=3"),
    ("~callbacks.sumary", "type ~callbacks.summary"),
    ("lambda=1,3", "type python train.py -m lambda=1,3"),
    ("lambda=(3", "type 'lambda=\"(3\"'"),
    ("data.ignored_products=[чай,b]", """type 'data.ignored_products=["чай","b"]'"""),
]
FINE = [
    "head=cosine lambda=10",
    "-m lambda=1,3 head=cosine,linear",
    "~callbacks.summary",
    "~data.sources.grozi120 data=joined",
    "+data@data.sources.mine=photos data.sources.mine.root=x +data.repeat.mine=3",
    "+callbacks/figures@callbacks.overlay=overlay",
    "+trainer.enable_progress_bar=false",
    "+experiment=recommended",
    "--cfg job -p optimizer",
    "debug=null",
    "hydra/launcher=parallel",
    "--config-name=other whatever",
]


@pytest.mark.parametrize(("typed", "message"), SILENT, ids=[typed for typed, _ in SILENT])
def test_what_hydra_would_take_is_refused(typed, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check_arguments(typed.split(), "config")


def test_a_flag_may_stand_between_overrides():
    overrides, flags = split_flags(["a=1", "-m", "b=2", "--cfg", "job", "c=3"])
    assert (overrides, flags) == (["a=1", "b=2", "c=3"], ["-m", "--cfg", "job"])


@pytest.mark.parametrize("typed", FINE)
def test_what_is_right_is_let_through(typed):
    check_arguments(typed.split(), "config")


@pytest.mark.parametrize(("typed", "message"), REFUSED, ids=[typed for typed, _ in REFUSED])
def test_what_hydra_refuses_is_explained(typed, message):
    check_arguments(typed.split(), "config")
    said = explanation(typed.split(), "config")
    assert message in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("command", "typed", "message"),
    [
        ("group", "photoo=x", "type photo=x"),
        ("group", "clustering=two_pass", "this command takes no clustering"),
        ("group", "clustering=twopass", "this command takes no clustering"),
        ("evaluate", "run=logs", "type runs=logs"),
        ("evaluate", "data=cornershp", "type data=cornershop"),
    ],
)
def test_every_command_knows_its_own_keys(command, typed, message):
    assert message in explanation([typed], command)


def test_a_group_that_a_command_does_not_read_is_not_added_in_silence():
    with pytest.raises(ValueError, match=r"\+clustering=two_pass: this command takes no clustering"):
        check_arguments(["photo=x.jpg", "+clustering=two_pass"], "group")
    check_arguments(["clustering=two_pass"], "evaluate")
    check_arguments(["+experiment=recommended"], "config")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("trainer.max_epochs=two", "trainer.max_epochs must be a number, got 'two': try trainer.max_epochs=20"),
        ("lambda=true", "lambda must be a number, got 'True': try lambda=10"),
        ("logger.default_hp_metric=maybe", "must be true or false, got 'maybe'"),
    ],
)
def test_a_word_for_a_number_is_refused(typed, message):
    compose_config([typed])
    with pytest.raises(ValueError, match=message):
        check_types()


@pytest.mark.parametrize("typed", ["trainer.devices=auto", "lambda=2.5", "optimizer.lr=1e-3", "sampler=balanced"])
def test_other_values_are_left_to_what_reads_them(typed):
    compose_config([typed])
    check_types()
