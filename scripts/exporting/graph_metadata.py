"""What the user of an exported graph needs to know, as texts that are kept inside its file."""

import json

from datamodules.transforms.crop_resize import BORDER
from inference.checkpoint import Checkpoint
from lightning_modules.embedder import Embedder
from lightning_modules.recipe import PlainDict
from scripts.cli.quick_help import version_text

# Clusterings that cut a tree of average linkage.
AVERAGE_LINKAGE = ("AgglomerativeClustering", "CalibratedClustering")


def graph_metadata(checkpoint: Checkpoint, embedder: Embedder, width: int) -> dict[str, str]:
    """Return how crops are made for a graph, what it gives, and how that is grouped; docs/export.md lists the keys.

    Args:
        checkpoint: Where the graph comes from.
        embedder: What the graph does.
        width: Numbers of an embedding.
    """
    return {
        "producer": version_text(),
        **_input(checkpoint, embedder),
        "output": f"embeddings: float32 (n, {width})",
        **_grouping(checkpoint, embedder),
    }


def _input(checkpoint: Checkpoint, embedder: Embedder) -> dict[str, str]:
    resize, preprocessing = checkpoint.build_resize(), checkpoint.recipe.preprocessing
    metadata = {
        "input": f"images: uint8 (n, 3, {resize.image_size}, {resize.image_size})",
        "input_size": str(resize.image_size),
        "channel_order": "RGB",
        "value_range": "0..255",
        "crop": "from the photo after EXIF orientation, left and top rounded down, right and bottom rounded up",
        "resize": "bilinear, antialiased, as PIL.Image.Resampling.BILINEAR",
        "shape": resize.shape,
        "normalization": "inside the graph: (value - mean) / deviation",
        "illumination": f"inside the graph: {preprocessing.get('illumination', 'none')}",
        "mean": _numbers(embedder, "preprocessing.mean"),
        "deviation": _numbers(embedder, "preprocessing.std"),
    }
    if resize.shape == "letterbox":
        metadata["border"] = json.dumps(BORDER)
    if embedder.takes_sizes:
        metadata["sizes"] = (
            "float32 (n, 2): log of width and of height of a crop in pixels, minus their medians over its photo"
        )
    return metadata


def _grouping(checkpoint: Checkpoint, embedder: Embedder) -> dict[str, str]:
    clustering = checkpoint.recipe.clustering
    name = str(clustering.get("_target_")).rpartition(".")[2]
    options: PlainDict = {key: value for key, value in clustering.items() if not key.startswith("_")}
    metadata = {"metric": embedder.metric.name, "clustering": json.dumps({"name": name, **options})}
    threshold = checkpoint.recipe.distance_threshold
    if name in AVERAGE_LINKAGE and threshold is not None:
        metadata |= {"linkage": "average", "distance_threshold": repr(threshold)}
    return metadata


def _numbers(embedder: Embedder, buffer: str) -> str:
    """Return the numbers of a buffer, one per channel, on the scale of the pixels."""
    return json.dumps([round(value, 4) for value in embedder.get_buffer(buffer).flatten().tolist()])
