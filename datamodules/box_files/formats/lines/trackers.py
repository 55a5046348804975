"""Lines of fixed fields: KITTI's and DOTA's labels, and MOT's table of frames."""

from collections import defaultdict
from functools import partial
from pathlib import Path

from datamodules.box_files.detections import Record, to_numbers
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader
from datamodules.box_files.formats.shapes import bounding_box, collect

DOTA_HEAD = ("imagesource:", "gsd:")


def read_kitti(text: str, file: Path) -> Reader | None:
    """Read ``type truncated occluded alpha x1 y1 x2 y2 ...``: a name and 14 numbers, or 15 with a confidence."""
    first = text.split("\n", 1)[0].split()
    if len(first) not in (15, 16) or _numeric(first[:1]) or not _numeric(first[1:]):
        return None
    detections = collect(f"{file}", _fields_of(text, file), _kitti_line, no_boxes="boxes called DontCare")
    return lambda photo: detections


def _kitti_line(fields: list[str], where: str) -> Record | None:
    if fields[0] == "DontCare":
        return None
    return Record(to_numbers(fields[4:8] if len(fields) > 7 else (), where, "KITTI's 15 fields"), name=fields[0])


def read_dota(text: str, file: Path) -> Reader | None:
    """Read ``x1 y1 x2 y2 x3 y3 x4 y4 name difficult`` as the boxes around the four corners."""
    first = text.split("\n", 1)[0].split()
    is_line = len(first) in (9, 10) and _numeric(first[:8]) and not _numeric(first[8:9])
    if not is_line and not text.lower().startswith(DOTA_HEAD):
        return None
    lines = [line for line in _fields_of(text, file) if not line[1][0].lower().startswith(DOTA_HEAD)]
    detections = collect(f"{file}", lines, _dota_line)
    return lambda photo: detections


def _dota_line(fields: list[str], where: str) -> Record:
    pairs = [list(pair) for pair in zip(fields[:8:2], fields[1:8:2], strict=False)]
    return Record(bounding_box(pairs, where), name="".join(fields[8:9]))


def read_mot(text: str, file: Path) -> Reader | None:
    """Read ``frame,track,x,y,width,height,confidence,...`` in pixels; a frame is the photo of that number."""
    first = [field.strip() for field in text.split("\n", 1)[0].split(",")]
    if not 7 <= len(first) <= 10 or not _numeric(first):
        return None
    frame, track, *box = map(float, first[:6])
    if not frame.is_integer() or frame < 0 or not track.is_integer() or max(box) <= 2:
        return None
    frames: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for where, fields in _fields_of(text, file, ","):
        frames[fields[0]].append((where, fields))
    entries = [
        PhotoEntry(frame, partial(collect, f"{file}", lines, _mot_line, layout="xywh"))
        for frame, lines in frames.items()
    ]
    return PhotoReader(entries, file, one_photo=len(entries) == 1)


def _mot_line(fields: list[str], where: str) -> Record:
    numbers = to_numbers(fields[2:6] if len(fields) > 5 else (), where, "MOT's frame,track,x,y,width,height,...")
    # The track -1 stands for a detection that was not tracked.
    return Record(numbers, id="" if fields[1].startswith("-") else fields[1])


def _fields_of(text: str, file: Path, delimiter: str | None = None) -> list[tuple[str, list[str]]]:
    """Return the filled fields of the lines that have any, each behind its place."""
    lines = [[field.strip() for field in line.split(delimiter) if field.strip()] for line in text.split("\n")]
    return [(f"{file}: line {number}", fields) for number, fields in enumerate(lines, 1) if fields]


def _numeric(fields: list[str]) -> bool:
    try:
        return all(abs(float(field)) < 1e9 for field in fields)
    except ValueError:
        return False
