"""Boxes of a photo, read from whichever of the common formats a file is in; docs/box_files.md describes them.

The format is recognised by the file's content, never by its suffix. Whatever a format's own convention, the boxes that
come out are (x1, y1, x2, y2) in pixels of the photo after EXIF orientation, x2 and y2 exclusive.
"""

from datamodules.box_files.convention import AS_WRITTEN, Convention
from datamodules.box_files.finding import find_box_file
from datamodules.box_files.reading import read_scene

__all__ = ["AS_WRITTEN", "Convention", "find_box_file", "read_scene"]
