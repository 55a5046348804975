from types import SimpleNamespace

import numpy as np
from matplotlib.figure import Figure
from PIL import Image
from pytorch_lightning.loggers import TensorBoardLogger
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from callbacks.figures.figure_log import log_figure


def test_tensorboard_shows_the_file_that_was_written(tmp_path):
    logger = TensorBoardLogger(tmp_path, name="", version="")
    trainer = SimpleNamespace(default_root_dir=tmp_path, loggers=[logger], global_step=7)
    figure = Figure(figsize=(3, 2), dpi=50)
    figure.add_subplot().plot([0, 1])
    path = log_figure(trainer, "overlay/shelf 1", figure)
    assert path == tmp_path / "figures" / "overlay_shelf_1.png"
    assert np.asarray(Image.open(path)).shape[:2] == (100, 150)
    logger.finalize("success")
    events = EventAccumulator(str(tmp_path)).Reload()
    (shown,) = events.Images("overlay/shelf 1")
    assert (shown.step, shown.width, shown.height) == (7, 150, 100)
    assert shown.encoded_image_string == path.read_bytes()
