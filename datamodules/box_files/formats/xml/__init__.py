"""Formats in XML."""

from datamodules.box_files.formats.xml.cvat import CVAT
from datamodules.box_files.formats.xml.dlib import DLIB
from datamodules.box_files.formats.xml.voc import VOC

XML_FORMATS = (VOC, CVAT, DLIB)
