"""Writing a photo's groups: groups.json, groups.csv and overlay.png."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from analysis.figures.overlay import overlay_figure
from scripts.grouping import Grouping

COLUMNS = ("id", "x1", "y1", "x2", "y2", "cluster", "congregation", "pass", "confidence")


def write_groups(grouping: Grouping, photo: Image.Image, folder: Path) -> list[Path]:
    """Writes the three files into a folder, which is made, and returns their paths.

    Args:
        grouping: What was found.
        photo: The photo as a person sees it.
        folder: Where the files go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = as_record(grouping, photo.size)
    paths = [folder / name for name in ("groups.json", "groups.csv", "overlay.png")]
    paths[0].write_text(json.dumps(record, indent=1) + "\n")
    _write_table(record["detections"], paths[1])
    scene = grouping.scene
    assert scene.boxes is not None, "only scenes with boxes are written"
    figure = overlay_figure(
        np.asarray(photo), scene.boxes, grouping.clustering.labels, grouping.congregations, title=scene.name
    )
    figure.savefig(paths[2])
    return paths


def as_record(grouping: Grouping, size: tuple[int, int]) -> dict[str, Any]:
    """Returns the content of groups.json as plain values; cluster and congregation are -1 for a detection alone.

    Args:
        grouping: What was found.
        size: The photo's width and height in pixels.
    """
    scene, clustering = grouping.scene, grouping.clustering
    assert scene.photo is not None, "only scenes with a photo are written"
    assert scene.boxes is not None, "only scenes with boxes are written"
    place = np.full(len(scene), -1)
    for number, congregation in enumerate(grouping.congregations):
        place[congregation.members] = number
    detections = [
        {
            "id": scene.ids[row],
            "box": [float(value) for value in scene.boxes[row]],
            "cluster": int(clustering.labels[row]),
            "congregation": int(place[row]),
            "pass": int(clustering.passes[row]),
            "confidence": round(float(clustering.confidence[row]), 4),
        }
        for row in range(len(scene))
    ]
    congregations = [
        {
            "id": number,
            "cluster": int(congregation.cluster),
            "detections": [scene.ids[row] for row in congregation.members],
            "polygon": [[round(x, 1), round(y, 1)] for x, y in congregation.polygon.exterior.coords],
            "area": round(float(congregation.area), 1),
        }
        for number, congregation in enumerate(grouping.congregations)
    ]
    clusters = [
        {
            "cluster": cluster,
            "size": int((clustering.labels == cluster).sum()),
            "congregations": [item["id"] for item in congregations if item["cluster"] == cluster],
        }
        for cluster in range(clustering.num_clusters)
    ]
    file = {"file": scene.photo.name, "width": size[0], "height": size[1]}
    return {"photo": file, "detections": detections, "clusters": clusters, "congregations": congregations}


def _write_table(detections: list[dict[str, Any]], path: Path) -> None:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for detection in detections:
            rest = [detection[name] for name in ("cluster", "congregation", "pass", "confidence")]
            writer.writerow([detection["id"], *detection["box"], *rest])
