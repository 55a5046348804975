"""Formats in JSON, in the order in which a document is tried: the ones that say most about themselves first."""

from datamodules.box_files.formats.json.arrays import ARRAYS
from datamodules.box_files.formats.json.coco import COCO
from datamodules.box_files.formats.json.coco_results import COCO_RESULTS
from datamodules.box_files.formats.json.createml import CREATEML, ROBOFLOW
from datamodules.box_files.formats.json.label_studio import LABEL_STUDIO
from datamodules.box_files.formats.json.labelme import LABELME
from datamodules.box_files.formats.json.records import RECORDS
from datamodules.box_files.formats.json.supervisely import SUPERVISELY
from datamodules.box_files.formats.json.via import VIA
from datamodules.box_files.formats.json.vott import VOTT

JSON_FORMATS = (
    COCO, LABELME, VIA, VOTT, LABEL_STUDIO, SUPERVISELY, CREATEML, ROBOFLOW, COCO_RESULTS, ARRAYS, RECORDS
)  # fmt: skip
