"""Writing a photo's groups: groups.json, groups.csv, overlay.png and, if asked for, the crops of each cluster."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from shapely import LinearRing

from analysis.figures.overlay import overlay_figure
from datamodules.crops import cut
from inference.grouper import Grouping

COLUMNS = ("id", "x1", "y1", "x2", "y2", "cluster", "congregation", "pass", "confidence")


def write_groups(grouping: Grouping, photo: Image.Image, folder: Path, across_photos: bool = False) -> dict[str, Any]:
    """Writes groups.json, groups.csv and overlay.png into a folder, which is made, and returns the record.

    Args:
        grouping: What was found.
        photo: The photo as a person sees it.
        folder: Where the files go.
        across_photos: Whether cluster numbers are shared with other photos.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = as_record(grouping, photo.size) | ({"across_photos": True} if across_photos else {})
    (folder / "groups.json").write_text(json.dumps(record, indent=1) + "\n")
    _write_table(record["detections"], folder / "groups.csv")
    scene = grouping.scene
    assert scene.boxes is not None, "only scenes with boxes are written"
    figure = overlay_figure(np.asarray(photo), scene.boxes, grouping.labels, grouping.congregations, title=scene.name)
    # More effort makes the picture a sixth smaller and doubles the time of saving it.
    figure.savefig(folder / "overlay.png", pil_kwargs={"compress_level": 1})
    return record


def write_crops(grouping: Grouping, photo: Image.Image, folder: Path) -> None:
    """Writes each detection as ``crops/CLUSTER/ID.jpg``; those alone go to ``crops/alone``."""
    scene = grouping.scene
    assert scene.boxes is not None, "only scenes with boxes are written"
    for name, box, cluster in zip(scene.ids, scene.boxes, grouping.labels, strict=True):
        path = folder / "crops" / (str(cluster) if cluster >= 0 else "alone") / f"{name.replace('/', '_')}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        cut(photo, box, scene.name).save(path, quality=92)


def as_record(grouping: Grouping, size: tuple[int, int]) -> dict[str, Any]:
    """Returns the content of groups.json as plain values; cluster and congregation are -1 for a detection alone.

    Args:
        grouping: What was found.
        size: The photo's width and height in pixels.
    """
    scene = grouping.scene
    assert scene.photo is not None, "only scenes with a photo are written"
    congregations = _congregations(grouping)
    clusters, sizes = np.unique(grouping.labels[grouping.labels >= 0], return_counts=True)
    return {
        "photo": {"file": scene.photo.name, "width": size[0], "height": size[1]},
        "detections": _detections(grouping),
        "clusters": [
            {
                "cluster": int(cluster),
                "size": int(count),
                "congregations": [item["id"] for item in congregations if item["cluster"] == cluster],
            }
            for cluster, count in zip(clusters, sizes, strict=True)
        ],
        "congregations": congregations,
    }


def _detections(grouping: Grouping) -> list[dict[str, Any]]:
    scene = grouping.scene
    assert scene.boxes is not None, "only scenes with boxes are written"
    place = np.full(len(scene), -1)
    for number, congregation in enumerate(grouping.congregations):
        place[congregation.members] = number
    return [
        {
            "id": scene.ids[row],
            "box": [float(value) for value in scene.boxes[row]],
            "cluster": int(grouping.labels[row]),
            "congregation": int(place[row]),
            "pass": int(grouping.passes[row]),
            "confidence": round(float(grouping.confidence[row]), 4),
        }
        for row in range(len(scene))
    ]


def _congregations(grouping: Grouping) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "cluster": int(congregation.cluster),
            "detections": [grouping.scene.ids[row] for row in congregation.members],
            "polygon": _ring(congregation.polygon.exterior),
            "holes": [_ring(ring) for ring in congregation.polygon.interiors],
            "area": round(float(congregation.area), 1),
        }
        for number, congregation in enumerate(grouping.congregations)
    ]


def _ring(ring: LinearRing) -> list[list[float]]:
    return [[round(x, 1), round(y, 1)] for x, y in ring.coords]


def _write_table(detections: list[dict[str, Any]], path: Path) -> None:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for detection in detections:
            rest = [detection[name] for name in ("cluster", "congregation", "pass", "confidence")]
            writer.writerow([detection["id"], *detection["box"], *rest])
