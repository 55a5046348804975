"""Placing the numbers of a box file in their photo, with a word on what is odd about them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datamodules.box_files.convention import Convention, to_corners
from datamodules.box_files.detections import Detections
from datamodules.box_files.placing.doubt import Doubt, advice, doubt, doubt_of_reading, other_readings
from datamodules.box_files.placing.fit import fit_to_photo
from datamodules.box_files.placing.orientation import Photo, after_exif, turned
from datamodules.box_files.placing.statistics import statistics_of


def place(
    detections: Detections, photo: Photo, source: Path, convention: Convention
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Return the boxes (n, 4) in pixels of the photo, clipped to it, and what a person should know about them.

    Args:
        detections: What the box file says.
        photo: The photo.
        source: The box file, for the messages.
        convention: What a person says about the numbers; then nothing is taken to be impossible that can be grouped.

    Raises:
        ValueError: If the boxes cannot be those of the photo; the message says what they look like and what to type.
    """
    reading, warnings = _choose(detections, photo, source, convention)
    corners = _corners(reading, photo, source, convention)
    found = _doubt(reading, corners, photo)
    where = f"{source}: the boxes of {photo.path.name}"
    try:
        boxes = fit_to_photo(corners, reading.ids, photo, source)
    except ValueError as error:
        known = found.impossible and other_readings(reading.numbers, reading.layout, reading.scale, photo.size)
        raise ValueError(f"{error}; {_advice(reading, photo)}" if known else str(error)) from error
    if copies := statistics_of(corners, photo.size).copies:
        warnings.append(f"{where}: {copies} are exact copies of others")
    if found.impossible and not convention.given:
        raise ValueError(f"{where} cannot be right: {found.odd}; {_advice(reading, photo)}")
    if found.odd:
        warnings.append(f"{where} may be in the wrong place: {found.odd}; {_advice(reading, photo)}")
    return boxes, (*reading.warnings, *warnings)


def _choose(detections: Detections, photo: Photo, source: Path, convention: Convention) -> tuple[Detections, list[str]]:
    """Return the reading of a file that can be read in several ways, and a warning where it is a choice."""
    if convention.layout is not None or not detections.alternatives:
        layout, scale = convention.layout or detections.layout, convention.scale or detections.scale
        return replace(detections, layout=layout, scale=scale), []
    readings = [
        replace(reading, scale=convention.scale or reading.scale) for reading in (detections, *detections.alternatives)
    ]
    odd = [_oddness(reading, photo, source, convention) for reading in readings]
    likely = [reading for reading, found in zip(readings, odd, strict=True) if not found.odd]
    possible = [reading for reading, found in zip(readings, odd, strict=True) if not found.impossible]
    chosen = (likely or possible or readings)[0]
    text = f"{source} does not say what its columns are; they are read as {chosen.title}"
    if len(likely) > 1:
        return chosen, [f"{text} and might be {likely[1].title}: type box_format={likely[1].layout} for that"]
    return chosen, [f"{text}, not as {readings[0].title}: so {odd[0].odd}"] if chosen is not readings[0] else []


def _oddness(reading: Detections, photo: Photo, source: Path, convention: Convention) -> Doubt:
    return _doubt(reading, _corners(reading, photo, source, convention), photo)


def _doubt(reading: Detections, corners: NDArray[np.float64], photo: Photo) -> Doubt:
    """Return what is odd about boxes (n, 4) in the photo as it is seen."""
    if reading.size == photo.stored_size != photo.size:
        # Turned boxes are judged by their corners alone.
        return doubt(corners, photo.size)
    return doubt_of_reading(reading.numbers, reading.layout, reading.scale, photo.size)


def _corners(reading: Detections, photo: Photo, source: Path, convention: Convention) -> NDArray[np.float64]:
    """Return the boxes (n, 4) in the photo after EXIF orientation, not yet clipped.

    Shares are taken of the photo's own size, on its side if the file says so; the file's size counts for pixels alone.
    """
    if reading.scale == "pixels":
        corners = to_corners(reading.numbers, reading.layout, "pixels", photo.size)
        return corners if convention.scale is not None else after_exif(corners, reading.size, photo, source)
    if reading.size == photo.stored_size != photo.size:
        return turned(to_corners(reading.numbers, reading.layout, reading.scale, photo.stored_size), photo)
    return to_corners(reading.numbers, reading.layout, reading.scale, photo.size)


def _advice(reading: Detections, photo: Photo) -> str:
    return advice(reading.numbers, reading.layout, reading.scale, photo.size)
