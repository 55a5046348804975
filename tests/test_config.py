"""Every option of every group builds; the help names every group and root key."""

import functools
import re
from itertools import zip_longest

import pytest
import torch
import yaml
from hydra.utils import instantiate
from omegaconf import OmegaConf
from support import ROOT, compose_config, random_weights

from lightning_modules.metrics.cosine import CosineMetric
from scripts.cli.arguments.known import defaults_of

CONF = ROOT / "conf"
# Files that begin with _ are parts of options.
FILES = [path for path in sorted(CONF.rglob("*.yaml")) if path.relative_to(CONF).parts[0] != "hydra"]
OPTIONS = [
    (path.parent.relative_to(CONF).as_posix(), path.stem)
    for path in FILES
    if path.parent != CONF and not path.name.startswith("_")
]
GROUPS = sorted({group.partition("/")[0] for group, _ in OPTIONS})
# Groups of values for other groups, which build nothing of their own.
SETTINGS = {"paths", "debug", "hparams_search", "experiment", "experiment/claims", "recipe"}
OF_DEFAULTS = set(defaults_of("config"))
EXTRA = {name: ["data.root=somewhere"] for name in ("folder", "photos")} | {"timm": ["backbone.name=resnet10t"]}
PACKAGES = {"wandb": "wandb", "mlflow": "mlflow", "timm": "timm", "joined": "timm"}


PARTS = [item for item in OPTIONS if item[0] not in SETTINGS]
# The first option of every group, the second ones, and so on: composed together, as that takes longer than building.
ROUNDS = [
    tuple(filter(None, chosen))
    for chosen in zip_longest(*([item for item in PARTS if item[0] == name] for name in sorted({g for g, _ in PARTS})))
]


def built(group):
    return f"built.{group.replace('/', '_')}"


@functools.cache
def composed_together(items):
    """Return the configuration with all these options; those of groups that are not chosen stand in `built`."""
    chosen = [f"{group}={name}" if group in OF_DEFAULTS else f"+{group}@{built(group)}={name}" for group, name in items]
    extra = [override for _, name in items for override in EXTRA.get(name, [])]
    return compose_config([*chosen, *extra, "output_dir=unused"])


@pytest.mark.parametrize(("group", "option"), PARTS)
def test_every_option_builds(group, option, tmp_path):
    if option in PACKAGES:
        pytest.importorskip(PACKAGES[option])
    cfg = composed_together(next(items for items in ROUNDS if (group, option) in items)).copy()
    cfg.output_dir = str(tmp_path)
    cfg.backbone = random_weights(cfg.backbone)
    node = OmegaConf.select(cfg, group if group in OF_DEFAULTS else built(group))
    if option == "gpu":
        node.accelerator = "auto"
    if group == "module":
        assert instantiate(node, class_counts=[3, 4]) is not None
    elif "_target_" in node:
        assert instantiate(node) is not None
    else:
        # Another option of the same round may leave a callback out.
        assert all(instantiate(part) is not None for part in node.values() if part is not None)


@pytest.mark.parametrize(("group", "option"), [item for item in OPTIONS if item[0] in SETTINGS])
def test_every_setting_composes(group, option, tmp_path):
    if group == "hparams_search":
        pytest.importorskip("hydra_plugins.hydra_optuna_sweeper", reason="needs pip install hydra-optuna-sweeper")
    sign = "" if group in OF_DEFAULTS else "+"
    cfg = compose_config([f"{sign}{group}={option}", f"output_dir={tmp_path}"])
    assert OmegaConf.to_container(cfg, resolve=True)


def test_every_callback_but_early_stopping_is_in_the_default_set():
    defaults = yaml.safe_load((ROOT / "conf/callbacks/default.yaml").read_text())["defaults"]
    listed = {f"{key.partition('@')[0]}/{name}" for entry in defaults for key, name in entry.items()}
    folder = ROOT / "conf/callbacks"
    parts = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.yaml")}
    assert listed == parts - {"run/early_stopping", "checkpoints/comparison"}


def test_help_names_every_group_and_root_key():
    text = (ROOT / "conf/hydra/help/train.yaml").read_text()
    files = ("config.yaml", "paths/default.yaml")
    keys = {key for name in files for key in yaml.safe_load((CONF / name).read_text())} - {"defaults", "hydra"}
    for name in [*GROUPS, *sorted(keys)]:
        assert re.search(rf"^  {name}(\.\w+)?  +\w", text, flags=re.MULTILINE), name


@pytest.mark.parametrize("path", sorted(CONF.rglob("*.yaml")), ids=lambda path: str(path.relative_to(CONF)))
def test_every_file_begins_with_what_it_is(path):
    lines = path.read_text().splitlines()
    assert next(line for line in lines if not line.startswith("# @package")).startswith("# ")
    assert max(map(len, lines)) <= 120


HEADS = [option for group, option in OPTIONS if group == "head"]
with_head = functools.cache(lambda option: compose_config([f"head={option}"]))


@pytest.mark.parametrize("option", HEADS)
def test_every_head_trains_on_a_batch(option):
    head = instantiate(with_head(option).head)(embedding_dim=8, num_classes=3, metric=CosineMetric())
    embeddings, labels = torch.randn(6, 8, requires_grad=True), torch.tensor([0, 0, 1, 1, 2, 2])
    assert head(embeddings).shape == (6, 3)
    head.loss(embeddings, labels, torch.ones(3)).backward()
    assert embeddings.grad.isfinite().all()


def test_lambda_has_an_effect_on_all_heads_with_anchors():
    assert [head for head in HEADS if "scale" not in with_head(head).head] == ["linear", "triplet"]


def test_triplets_bring_their_batches_unless_told_otherwise():
    assert with_head("triplet").sampler == "classes"
    assert compose_config(["head=triplet", "sampler=shuffled"]).sampler == "shuffled"


def test_lambda_is_handed_on_once():
    readers = [path for path in (ROOT / "conf").rglob("*.yaml") if re.search(r"scale: \$\{lambda\}", path.read_text())]
    assert [path.name for path in readers] == ["cosine.yaml"]
