"""Formats that are known and not read: what they are called, and what to export instead."""

from xml.etree.ElementTree import Element

from datamodules.box_files.formats.json.values import Json, as_list

# The keys by which a JSON document is known, at its top, in its first entry or a level below; name; advice.
JSON_SIGNS = (
    ({"type", "features"}, "GeoJSON", "export pixels of the photo, as COCO or Pascal VOC"),
    ({"project", "file", "view", "metadata"}, "a VIA 3 project", "export it as VIA 2 or COCO"),
    ({"data_row", "projects"}, "Labelbox NDJSON", "convert it with labelbox's COCO exporter"),
    ({"Label", "External ID"}, "Labelbox JSON", "convert it with labelbox's COCO exporter"),
    ({"source-ref"}, "an Amazon Ground Truth manifest", "convert it to COCO"),
    ({"samples", "name", "media_type"}, "FiftyOne's samples", "export them with fiftyone.types.COCODetectionDataset"),
    ({"items", "categories", "info"}, "Datumaro JSON", "export it with datum convert -f coco"),
    ({"textAnnotations"}, "Google Vision's answer", "convert it to pixels {id: {x1, y1, x2, y2}}"),
    ({"localizedObjectAnnotations"}, "Google Vision's answer", "convert it to pixels {id: {x1, y1, x2, y2}}"),
    ({"Labels", "LabelModelVersion"}, "Amazon Rekognition's answer", "convert it to pixels {id: {x1, y1, x2, y2}}"),
    ({"imgHeight", "imgWidth", "objects"}, "Cityscapes JSON", "convert it to COCO"),
)
XML_SIGNS = {
    "annotations": ("CVAT's or Datumaro's XML without images", "export it as 'CVAT for images 1.1' or COCO"),
    "dataset": ("dlib XML without images", "export it as Pascal VOC"),
    "PcGts": ("PAGE XML", "export rectangles as Pascal VOC"),
    "alto": ("ALTO XML", "export rectangles as Pascal VOC"),
    "svg": ("an SVG picture", "export rectangles as Pascal VOC"),
    "kml": ("KML", "export pixels of the photo, as COCO or Pascal VOC"),
    "html": ("a web page", "download the file itself"),
    "Workbook": ("an Excel workbook", "save it as CSV"),
}
# The first bytes of files that hold no text.
BYTE_SIGNS = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save the sheet as CSV"),
    (b"PAR1", "a Parquet table", "write it as CSV"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"\x89HDF", "an HDF5 or MATLAB file", "write the boxes as CSV"),
    (b"MATLAB 5.0", "a MATLAB file", "write the boxes as CSV"),
    (b"\x93NUMPY", "a NumPy array", "write it with numpy.savetxt as x1,y1,x2,y2 with that header"),
    (b"\x80\x04", "a Python pickle", "write the boxes as JSON"),
    (b"\x80\x05", "a Python pickle", "write the boxes as JSON"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"%PDF", "a PDF", "export the boxes as CSV"),
    (b"\x89PNG", "a picture", "give the boxes of the photo"),
    (b"\xff\xd8\xff", "a picture", "give the boxes of the photo"),
)


def unread_json(document: Json) -> str:
    """Return the name and the way out of a known format in JSON that is not read; empty if it is unknown."""
    parts = [part for part in (document, *as_list(document)[:1]) if isinstance(part, dict)]
    return next((_told(*known) for part in parts for keys, *known in JSON_SIGNS if part.keys() >= keys), "")


def unread_xml(root: Element) -> str:
    """Return the name and the way out of a known format in XML that is not read; empty if it is unknown."""
    return _told(*XML_SIGNS[root.tag]) if root.tag in XML_SIGNS else ""


def unread_bytes(data: bytes) -> str:
    """Return the name and the way out of a known format that is not text; empty if it is unknown."""
    return next((_told(*known) for sign, *known in BYTE_SIGNS if data.startswith(sign)), "")


def _told(name: str, advice: str) -> str:
    return f"{name}, which is not read: {advice}"
