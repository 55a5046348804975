from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from small_module import batch, fixed_module, losses

from lightning_modules.feature_file import FeatureFile


def counted(module):
    """Return a list that grows by the number of crops, beside the fixed picture, whenever the network looks at some."""
    seen, run = [], module.embedder.backbone.run_features

    def run_features(images, keep_levels):
        seen.append(len(images))
        return run(images, keep_levels)

    module.embedder.backbone.run_features = run_features
    return seen


def test_runs_with_and_without_the_file_are_identical_and_the_second_looks_at_no_crop(tmp_path):
    crops = batch([0, 1, 1, 0, 1, 0])
    batches = [{name: value[rows] for name, value in crops.items()} for rows in ([0, 1, 2], [3, 1, 5], [5, 3, 2])]
    options = [{}, {"feature_dir": tmp_path / "new"}, {"feature_dir": tmp_path / "new"}]
    modules = [fixed_module(cache_features=True, **option) for option in options]
    seen = counted(modules[2])
    trained = [losses(module, batches) for module in modules]
    embedded = [module.embedder.embed([(crops["image"], crops["size"])]) for module in modules]
    assert trained[0] == trained[1] == trained[2]
    assert torch.equal(embedded[0], embedded[1])
    assert torch.equal(embedded[0], embedded[2])
    assert set(seen) == {1}


def test_another_network_finds_nothing_of_the_first(tmp_path):
    images, sizes = torch.rand(2, 3, 64, 64), torch.zeros(2, 2)
    file, first, second = FeatureFile(tmp_path), *(fixed_module().embedder.backbone for _ in range(2))
    with torch.no_grad():
        second.features[0].bias += 0.01
    kept = file.of(first, images, sizes)
    assert torch.equal(file.of(second, images, sizes), second.pooled_features(images, sizes))
    assert torch.equal(kept, first.pooled_features(images, sizes))
    assert file.of(first, images[:0], sizes[:0]).shape[0] == 0


def test_several_write_into_one_file(tmp_path):
    backbone, sizes = fixed_module().embedder.backbone, torch.zeros(3, 2)
    batches = [torch.rand(3, 3, 64, 64) for _ in range(4)] * 2
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda images: FeatureFile(tmp_path).of(backbone, images, sizes), batches))
    assert all(torch.equal(found[place], found[place + 4]) for place in range(4))


def test_a_file_that_is_none_is_named(tmp_path):
    (tmp_path / "features.sqlite").write_text("something else, long enough to be taken for no database" * 20)
    with pytest.raises(OSError, match=r"features\.sqlite.*cannot be used.*type module\.feature_dir=null"):
        FeatureFile(tmp_path).of(fixed_module().embedder.backbone, torch.rand(1, 3, 64, 64), torch.zeros(1, 2))
