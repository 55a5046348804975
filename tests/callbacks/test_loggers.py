"""All callbacks work with every logger, and without one."""

import pytest

from train import train


@pytest.mark.parametrize("logger", ["csv", "none", "wandb", "mlflow"])
# Their own libraries warn of their own dependencies.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_figures_and_result_are_written_with_every_logger(config, tmp_path, capsys, logger):
    if logger in ("wandb", "mlflow"):
        pytest.importorskip(logger)
    score = train(config(f"logger={logger}", "callbacks=default", "~callbacks.progress"))
    folder = tmp_path / "run"
    assert {path.name for path in (folder / "figures").iterdir()} == {
        "classification_confusion.png",
        "embedding_feature_maps.png",
        "embedding_t-SNE.png",
        "embedding_t-SNE_classes.txt",
        "overlay_shelf_0.png",
        "overlay_shelf_1.png",
    }
    printed = capsys.readouterr().out
    assert f"best         grouping_all/ari {score:.3f}" in printed
    assert ("all curves" in printed) == (logger != "none")
    assert not list(folder.glob("events*"))
    if logger == "csv":
        header, *rows = (folder / "csv/metrics.csv").read_text().splitlines()
        assert {"train/loss", "grouping_all/ari"} <= set(header.split(","))
        assert rows
