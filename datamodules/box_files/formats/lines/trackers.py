"""Lines of fixed fields: KITTI's and DOTA's labels, and MOT's table of frames."""

from functools import partial
from pathlib import Path

from datamodules.box_files.detections import Detections, Record, to_numbers
from datamodules.box_files.formats.photos import PhotoEntry, PhotoReader, Reader, bounding_box

DOTA_HEAD = ("imagesource:", "gsd:")


def is_kitti(text: str) -> bool:
    """Return whether the first line is a name and KITTI's 14 numbers, or 15 with a confidence."""
    fields = text.split("\n", 1)[0].split()
    return len(fields) in (15, 16) and not _numeric(fields[:1]) and _numeric(fields[1:])


def open_kitti(text: str, file: Path) -> Reader:
    """Return what reads ``type truncated occluded alpha x1 y1 x2 y2 ...``."""
    lines = [(number, line.split()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    kept = [(number, fields) for number, fields in lines if fields[0] != "DontCare"]
    records = [
        Record(
            to_numbers(fields[4:8] if len(fields) > 7 else (), f"{file}: line {number}", "KITTI's 15 fields"),
            name=fields[0],
        )
        for number, fields in kept
    ]
    left_out = len(lines) - len(kept)
    warnings = (f"{file}: {left_out} boxes called DontCare are left out",) if left_out else ()
    detections = Detections(records, warnings=warnings)
    return lambda photo: detections


def is_dota(text: str) -> bool:
    """Return whether the first line is eight numbers and a name, or DOTA's head."""
    line = text.split("\n", 1)[0].strip()
    fields = line.split()
    return line.lower().startswith(DOTA_HEAD) or (
        len(fields) in (9, 10) and _numeric(fields[:8]) and not _numeric(fields[8:9])
    )


def open_dota(text: str, file: Path) -> Reader:
    """Return what reads ``x1 y1 x2 y2 x3 y3 x4 y4 name difficult`` as the boxes around the four corners."""
    lines = [(number, line.split()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    records = []
    for number, fields in lines:
        if not fields[0].lower().startswith(DOTA_HEAD):
            pairs = [list(pair) for pair in zip(fields[:8:2], fields[1:8:2], strict=False)]
            name = fields[8] if len(fields) > 8 else ""
            records.append(Record(bounding_box(pairs, f"{file}: line {number}"), name=name))
    detections = Detections(records)
    return lambda photo: detections


def is_mot(text: str) -> bool:
    """Return whether the first line is seven to ten numbers between commas, the first two whole and some in pixels."""
    fields = [field.strip() for field in text.split("\n", 1)[0].split(",")]
    if not 7 <= len(fields) <= 10 or not _numeric(fields):
        return False
    numbers = [float(field) for field in fields]
    return numbers[0].is_integer() and numbers[0] >= 0 and numbers[1].is_integer() and max(numbers[2:6]) > 2


def open_mot(text: str, file: Path) -> Reader:
    """Return what reads ``frame,track,x,y,width,height,confidence,...``; a frame is the photo of that number."""
    frames: dict[str, list[tuple[int, list[str]]]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if fields := [field.strip() for field in line.split(",") if field.strip()]:
            frames.setdefault(fields[0], []).append((number, fields))
    entries = [PhotoEntry(frame, partial(_read_frame, lines, file)) for frame, lines in frames.items()]
    return PhotoReader(entries, file, one_photo=len(entries) == 1)


def _read_frame(lines: list[tuple[int, list[str]]], file: Path) -> Detections:
    expected = "MOT's frame,track,x,y,width,height,..."
    # The track -1 stands for a detection that was not tracked.
    return Detections(
        [
            Record(to_numbers(fields[2:6] if len(fields) > 5 else (), f"{file}: line {number}", expected),
                   id="" if fields[1].startswith("-") else fields[1])
            for number, fields in lines
        ],
        layout="xywh",
    )  # fmt: skip


def _numeric(fields: list[str]) -> bool:
    try:
        return all(abs(float(field)) < 1e9 for field in fields)
    except ValueError:
        return False
