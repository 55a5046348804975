"""Formats in JSON, in the order in which a document is tried: the ones that say most about themselves first."""

from datamodules.box_files.formats.json.annotators import read_labelme, read_supervisely, read_vott
from datamodules.box_files.formats.json.coco import read_coco, read_results
from datamodules.box_files.formats.json.detectors import read_arrays, read_createml, read_roboflow
from datamodules.box_files.formats.json.label_studio import read_label_studio
from datamodules.box_files.formats.json.records import read_records
from datamodules.box_files.formats.json.via import read_via

JSON_FORMATS = {
    "COCO JSON (images, annotations)": read_coco,
    "LabelMe JSON (shapes)": read_labelme,
    "VIA JSON (regions)": read_via,
    "VoTT JSON (asset, regions)": read_vott,
    "Label Studio JSON": read_label_studio,
    "Supervisely JSON (objects, size)": read_supervisely,
    "CreateML JSON (image, annotations with coordinates)": read_createml,
    "Roboflow predictions (x, y, width, height, class)": read_roboflow,
    "COCO results (a list of image_id, bbox)": read_results,
    "JSON {boxes: [[x1, y1, x2, y2]], labels}": read_arrays,
    "JSON {id: {x1, y1, x2, y2}}, and lists of such records": read_records,
}
