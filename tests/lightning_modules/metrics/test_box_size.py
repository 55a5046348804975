import pytest
import torch
from small_module import batch, make_module
from torch.nn import functional

from lightning_modules.metrics.box_size import with_box_size
from lightning_modules.metrics.cosine import CosineMetric
from lightning_modules.metrics.minkowski import EuclideanMetric


def test_the_cosine_is_the_weighted_mean_of_embedding_width_and_height():
    torch.manual_seed(0)
    directions, sizes = functional.normalize(torch.randn(5, 8)), 0.4 * torch.randn(5, 2)
    joined = with_box_size(directions, sizes, 0.3)
    torch.testing.assert_close(joined.norm(dim=1), torch.ones(5))
    apart = torch.cos(2 * (sizes[:, None] - sizes[None])).sum(2)
    torch.testing.assert_close(joined @ joined.T, (directions @ directions.T + 0.3 * apart) / 1.6)


def test_only_the_ratio_of_sizes_counts():
    directions, sizes = functional.normalize(torch.randn(4, 3)), torch.randn(4, 2)
    first, second = with_box_size(directions, sizes, 0.5), with_box_size(directions, sizes + 0.7, 0.5)
    torch.testing.assert_close(first @ first.T, second @ second.T)


def test_without_weight_sizes_change_nothing():
    metric, embeddings = CosineMetric(), torch.randn(3, 4)
    assert not metric.takes_sizes
    assert torch.equal(metric.to_embedding(embeddings, torch.randn(3, 2)), metric.normalize(embeddings))
    assert torch.equal(EuclideanMetric().to_embedding(embeddings, torch.randn(3, 2)), embeddings)


def test_the_module_hands_on_embeddings_with_sizes_and_trains_without():
    module = make_module(metric=CosineMetric(size_weight=0.2)).eval()
    module.log_dict = lambda *_, **__: None
    crops = batch([0, 1, 1]) | {"size": torch.randn(3, 2)}
    outputs = module.validation_step(crops, 0)
    assert outputs["embedding"].shape == (3, 36)
    torch.testing.assert_close(outputs["embedding"], module.embedder(crops["image"], crops["size"]))
    same_size = crops | {"size": torch.zeros(3, 2)}
    torch.testing.assert_close(module.training_step(crops, 0), module.training_step(same_size, 0))


@pytest.mark.parametrize("weight", [-0.1, float("nan"), float("inf")])
def test_wrong_weights_are_named(weight):
    with pytest.raises(ValueError, match=f"size_weight must be at least 0, got {weight}"):
        CosineMetric(weight)
