import logging

import pytest

from datamodules.crop_cache.growth import growth_told


@pytest.mark.parametrize(("size", "told"), [(10, "0.1 MB"), (2_540_000, "2.5 MB")])
def test_what_is_added_is_told_once_with_the_size_of_the_whole_cache(tmp_path, caplog, size, told):
    caplog.set_level(logging.INFO)
    cache = tmp_path / "cache"
    with growth_told(cache):
        (cache / "a").mkdir(parents=True)
        (cache / "a/images.npy").write_bytes(bytes(size))
    assert [record.getMessage() for record in caplog.records] == [
        f"cache: {told} in {cache} (delete the folder to empty it)"
    ]
    with growth_told(cache):
        assert (cache / "a/images.npy").is_file()
    assert len(caplog.records) == 1


def test_the_size_is_that_of_all_files(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    (tmp_path / "old/deeper").mkdir(parents=True)
    (tmp_path / "old/deeper/images.npy").write_bytes(bytes(3_000_000))
    with growth_told(tmp_path):
        (tmp_path / "new").write_bytes(bytes(1_000_000))
    assert "cache: 4.0 MB" in caplog.text
