"""Every option of every group builds; the help names every group and root key."""

import re

import pytest
import torch
import yaml
from hydra.utils import instantiate
from omegaconf import OmegaConf
from support import ROOT, compose_config

from lightning_modules.metrics.cosine import CosineMetric

GROUPS = sorted(path.name for path in (ROOT / "conf").iterdir() if path.is_dir() and path.name != "hydra")
BUILT_WITH_OPTIONS = {"experiment", "callbacks", "trainer"}
OPTIONS = [
    (group, path.stem)
    for group in GROUPS
    if group not in BUILT_WITH_OPTIONS
    for path in sorted((ROOT / "conf" / group).glob("[!_]*.yaml"))
]
EXTRA = {name: ["data.root=somewhere"] for name in ("folder", "detergents", "photos", "cornershop", "grozi120")}

EXTRA["shelves"] = [f"data.sources.{name}.root=somewhere" for name in ("detergents", "cornershop", "grozi120")]


@pytest.mark.parametrize(("group", "option"), OPTIONS)
def test_every_option_builds(group, option, tmp_path):
    cfg = compose_config([f"{group}={option}", f"output_dir={tmp_path}", *EXTRA.get(option, [])])
    if "weights" in cfg[group]:
        cfg[group].weights = None
    missing = {"class_counts": [3, 4]} if group == "module" else {}
    assert instantiate(cfg[group], **missing) is not None


@pytest.mark.parametrize("option", [path.stem for path in sorted((ROOT / "conf" / "callbacks").glob("*.yaml"))])
def test_every_set_of_callbacks_builds(option, tmp_path):
    cfg = compose_config([f"callbacks={option}", f"output_dir={tmp_path}"])
    assert all(instantiate(callback) is not None for callback in cfg.callbacks.values())


@pytest.mark.parametrize("option", [path.stem for path in sorted((ROOT / "conf" / "trainer").glob("*.yaml"))])
def test_every_trainer_builds(option, tmp_path):
    assert instantiate(compose_config([f"trainer={option}", f"output_dir={tmp_path}"]).trainer) is not None


@pytest.mark.parametrize("option", [path.stem for path in sorted((ROOT / "conf" / "experiment").glob("*.yaml"))])
def test_every_experiment_composes(option, tmp_path):
    cfg = compose_config([f"+experiment={option}", f"output_dir={tmp_path}"])
    assert OmegaConf.to_container(cfg, resolve=True)


def test_every_callback_but_early_stopping_is_in_the_default_set():
    defaults = yaml.safe_load((ROOT / "conf/callbacks/default.yaml").read_text())["defaults"]
    listed = {f"{key.partition('@')[0]}/{name}" for entry in defaults for key, name in entry.items()}
    folder = ROOT / "conf/callbacks"
    parts = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.yaml")}
    assert listed == parts - {"run/early_stopping"}


def test_help_names_every_group_and_root_key():
    text = (ROOT / "conf/hydra/help/train.yaml").read_text()
    root = yaml.safe_load((ROOT / "conf/config.yaml").read_text())
    keys = [key for key in root if key not in ("defaults", "hydra")]
    for name in [*GROUPS, *keys]:
        assert re.search(rf"^  {name}(\.\w+)?  +\w", text, flags=re.MULTILINE), name


@pytest.mark.parametrize("path", sorted((ROOT / "conf").rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_file_begins_with_what_it_is(path):
    assert path.read_text().startswith("# ")


@pytest.mark.parametrize("option", [path.stem for path in sorted((ROOT / "conf" / "head").glob("*.yaml"))])
def test_every_head_trains_on_a_batch(option):
    head = instantiate(compose_config([f"head={option}"]).head)(embedding_dim=8, num_classes=3, metric=CosineMetric())
    embeddings, labels = torch.randn(6, 8, requires_grad=True), torch.tensor([0, 0, 1, 1, 2, 2])
    assert head(embeddings).shape == (6, 3)
    head.loss(embeddings, labels, torch.ones(3)).backward()
    assert embeddings.grad.isfinite().all()


def test_lambda_has_an_effect_on_all_heads_with_anchors():
    heads = {path.stem for path in (ROOT / "conf" / "head").glob("*.yaml")}
    assert {head for head in heads if "scale" not in compose_config([f"head={head}"]).head} == {"linear", "triplet"}


def test_triplets_bring_their_batches_unless_told_otherwise():
    assert compose_config(["head=triplet"]).sampler == "classes"
    assert compose_config(["head=triplet", "sampler=shuffled"]).sampler == "shuffled"


def test_lambda_is_handed_on_once():
    readers = [path for path in (ROOT / "conf").rglob("*.yaml") if re.search(r"scale: \$\{lambda\}", path.read_text())]
    assert [path.name for path in readers] == ["cosine.yaml"]
