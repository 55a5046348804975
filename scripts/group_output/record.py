"""The content of groups.json."""

from typing import NotRequired, TypedDict

import numpy as np
from shapely import LinearRing

from inference.groups import Groups

Ring = list[list[float]]


class PhotoRecord(TypedDict):
    """The photo's file name, and its size in pixels."""

    file: str
    width: int
    height: int


class _Named(TypedDict, total=False):
    name: str
    name_confidence: float


# A class cannot name a key "pass".
DetectionRecord = TypedDict(
    "DetectionRecord",
    {
        "id": str,
        "box": list[float],
        "cluster": int,
        "congregation": int,
        "row": int,
        "pass": int,
        "confidence": float,
        "name": NotRequired[str],
        "name_confidence": NotRequired[float],
    },
)


class RowRecord(TypedDict):
    """What a group has of one row, counted from 1 at the top; `share` is a part of what is occupied of that row."""

    row: int
    facings: int
    facings_wide: int
    share: float


class ShelfRecord(TypedDict):
    """What a group has of the photo's shelf; `share` is a part of what is occupied of all rows."""

    facings: int
    facings_wide: int
    share: float
    rows: list[RowRecord]


class ClusterRecord(TypedDict):
    """A cluster: how many detections, the ids of its congregations, its part of the shelf, its name if it has one."""

    cluster: int
    size: int
    congregations: list[int]
    shelf: ShelfRecord
    name: NotRequired[str]
    name_confidence: NotRequired[float]


class CongregationRecord(TypedDict):
    """Where detections of one cluster stand together: their ids, the outline's rings and its area in pixels."""

    id: int
    cluster: int
    detections: list[str]
    polygon: Ring
    holes: list[Ring]
    area: float


class GroupsRecord(TypedDict):
    """All of one photo; `across_photos` says that cluster numbers are shared with other photos."""

    photo: PhotoRecord
    detections: list[DetectionRecord]
    clusters: list[ClusterRecord]
    congregations: list[CongregationRecord]
    across_photos: NotRequired[bool]


def as_record(grouping: Groups, size: tuple[int, int], across_photos: bool = False) -> GroupsRecord:
    """Return what was found as plain values; cluster and congregation are -1 for a detection alone.

    Args:
        grouping: What was found.
        size: The photo's width and height in pixels.
        across_photos: Whether cluster numbers are shared with other photos.
    """
    scene = grouping.scene
    assert scene.photo is not None, "only scenes with a photo are written"
    congregations = _congregations(grouping)
    clusters, sizes = np.unique(grouping.labels[grouping.labels >= 0], return_counts=True)
    shelf = shelf_records(grouping)
    places: dict[int, list[int]] = {}
    for item in congregations:
        places.setdefault(item["cluster"], []).append(item["id"])
    record: GroupsRecord = {
        "photo": {"file": scene.photo.name, "width": size[0], "height": size[1]},
        "detections": _detections(grouping),
        "clusters": [
            {
                "cluster": int(cluster),
                "size": int(count),
                "congregations": places.get(int(cluster), []),
                "shelf": shelf[int(cluster)],
                **_named(grouping, int(np.flatnonzero(grouping.labels == cluster)[0])),
            }
            for cluster, count in zip(clusters, sizes, strict=True)
        ],
        "congregations": congregations,
    }
    if across_photos:
        record["across_photos"] = True
    return record


def shelf_records(grouping: Groups) -> dict[int, ShelfRecord]:
    """Return what each group has of a photo's shelf, by the group's number."""
    rows: dict[int, list[RowRecord]] = {}
    for part in grouping.layout.by_row():
        rows.setdefault(part.cluster, []).append(
            {
                "row": part.rows[0],
                "facings": part.facings,
                "facings_wide": part.facings_wide,
                "share": round(part.share, 4),
            }
        )
    return {
        whole.cluster: {
            "facings": whole.facings,
            "facings_wide": whole.facings_wide,
            "share": round(whole.share, 4),
            "rows": rows[whole.cluster],
        }
        for whole in grouping.layout.by_group()
    }


def _detections(grouping: Groups) -> list[DetectionRecord]:
    scene = grouping.scene
    assert scene.boxes is not None, "only scenes with boxes are written"
    places = grouping.congregation_numbers
    return [
        {
            "id": scene.ids[row],
            "box": [float(value) for value in scene.boxes[row]],
            "cluster": int(grouping.labels[row]),
            "congregation": int(places[row]),
            "row": int(grouping.layout.row[row]),
            "pass": int(grouping.passes[row]),
            "confidence": round(float(grouping.confidence[row]), 4),
            **_named(grouping, row),
        }
        for row in range(len(scene))
    ]


def _named(grouping: Groups, row: int) -> _Named:
    """Return the name of a detection and how likely it is, as far as they are known."""
    found: _Named = {"name": grouping.names[row]} if grouping.names and grouping.names[row] else {}
    if grouping.name_confidence is not None:
        found["name_confidence"] = round(float(grouping.name_confidence[row]), 4)
    return found


def _congregations(grouping: Groups) -> list[CongregationRecord]:
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


def _ring(ring: LinearRing) -> Ring:
    return [[round(x, 1), round(y, 1)] for x, y in ring.coords]
