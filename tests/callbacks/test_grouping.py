from types import SimpleNamespace

import numpy as np
import pytest
import torch

from analysis.clustering.agglomerative import AgglomerativeClustering
from callbacks.grouping import GroupingCallback
from datamodules.scene import Scene


def clustering(metric):
    return AgglomerativeClustering(metric, distance_threshold=0.5)


def scene(name, labels, source=""):
    count = len(labels)
    files = tuple(f"{name}-{row}" for row in range(count))
    return Scene(name, tuple(map(str, range(count))), files=files, labels=np.array(labels), source=source)


def validate(scenes, embeddings, seen=(0, 1), sanity_checking=False, sent=None):
    """Run the callback's hooks on two batches that arrive in reverse order; return what it logged."""
    logged = {}
    datamodule = SimpleNamespace(scenes=scenes, seen=lambda products: np.isin(products, seen))
    trainer = SimpleNamespace(
        datamodule=datamodule,
        sanity_checking=sanity_checking,
        current_epoch=0,
        max_epochs=1,
        loggers=[],
        is_global_zero=sent is None,
        strategy=SimpleNamespace(broadcast=lambda values: values if sent is None else sent),
    )
    module = SimpleNamespace(
        embedder=SimpleNamespace(metric=SimpleNamespace(name="cosine")),
        log=lambda name, value, sync_dist: logged.update({name: value}),
    )
    callback = GroupingCallback(clustering)
    callback.on_validation_epoch_start(trainer, module)
    rows = torch.arange(len(embeddings))
    for part in (rows[3:], rows[:3]):
        outputs = {"embedding": embeddings[part], "predicted": torch.zeros(len(part)), "index": part}
        callback.on_validation_batch_end(trainer, module, outputs, None, 0)
    callback.on_validation_epoch_end(trainer, module)
    return logged


CORNERS = torch.eye(4)


def test_a_perfect_embedding_scores_one_in_every_part():
    labels = [0, 0, 1, 2, 2, 2]
    logged = validate([scene("a", labels)], CORNERS[labels])
    for part in ("all", "seen", "unseen"):
        assert logged[f"grouping_{part}/ari"] == 1
        assert logged[f"grouping_{part}/bcubed_f"] == 1


def test_measures_are_means_over_photos():
    labels = [0, 0, 1, 1]
    wrong = [0, 1, 0, 1]
    logged = validate([scene("a", labels), scene("b", labels)], CORNERS[labels + wrong])
    alone = validate([scene("b", labels)], CORNERS[wrong])
    assert logged["grouping_all/ari"] == pytest.approx((1 + alone["grouping_all/ari"]) / 2)


def test_each_source_is_measured_apart_too():
    labels, wrong = [0, 0, 1, 1], [0, 1, 0, 1]
    scenes = [scene("a", labels, "shop"), scene("b", labels, "store"), scene("c", labels, "store")]
    logged = validate(scenes, CORNERS[labels + wrong + labels])
    aris = [logged[f"grouping_{part}/ari"] for part in ("all", "shop_all", "store_all", "store_seen")]
    assert aris[1] == 1
    assert aris[0] == pytest.approx((aris[1] + 2 * aris[2]) / 3)
    assert aris[2] == aris[3] < 1
    assert "grouping_shop_unseen/ari" not in logged


def test_unseen_products_are_measured_apart():
    logged = validate([scene("a", [0, 0, 1, 1, 2, 2, 3, 3])], CORNERS[[0, 0, 1, 1, 2, 3, 2, 3]])
    assert logged["grouping_seen/ari"] == 1
    assert logged["grouping_unseen/ari"] < 0.1


def test_without_unseen_products_nothing_is_logged_for_them():
    logged = validate([scene("a", [0, 0, 1, 1])], CORNERS[[0, 0, 1, 1]])
    assert not any(name.startswith("grouping_unseen") for name in logged)


def test_other_processes_log_what_the_first_one_measured():
    assert validate([scene("a", [0, 0, 1, 1])], CORNERS[[0, 0, 1, 1]], sent={"grouping_all/ari": 0.5}) == {
        "grouping_all/ari": 0.5
    }


def test_nothing_happens_while_sanity_checking():
    assert validate([scene("a", [0, 0, 1, 1])], CORNERS[[0, 0, 1, 1]], sanity_checking=True) == {}
