"""A shelf of 24 boxes in a photo of 1000 x 600 pixels, written in every format of box files that is read."""

# ruff: noqa: E501

import json
from collections.abc import Callable

SIZE = (1000, 600)
NAME = "shelf.jpg"
# Two boards of products, cut by the photo's edge at both sides; widths and tops vary.
SHELF = [
    (max(0.0, 91.0 * column - 35 + row * 7), 40.0 + 270 * row + column % 3 * 6,
     min(1000.0, 91.0 * column - 35 + row * 7 + 80 + column % 4 * 3), 270.0 + 270 * row)
    for row in range(2) for column in range(11)
] + [(966.0 + 7 * row, 44.0 + 270 * row, 1000.0, 270.0 + 270 * row) for row in range(2)]  # fmt: skip
PRODUCTS = [f"p{row % 5}" for row in range(len(SHELF))]
Box = tuple[float, float, float, float]


def xywh(box: Box) -> Box:
    return box[0], box[1], box[2] - box[0], box[3] - box[1]


def centered(box: Box) -> Box:
    x, y, w, h = xywh(box)
    return x + w / 2, y + h / 2, w, h


def scaled(box: Box, across: float, down: float) -> Box:
    return box[0] * across, box[1] * down, box[2] * across, box[3] * down


def shares(box: Box, of: float = 1) -> Box:
    return scaled(box, of / SIZE[0], of / SIZE[1])


def _ring(box: Box) -> list[list[float]]:
    x1, y1, x2, y2 = box
    return [[x1, y1], [x2, y1], [x2, y2], [x1, y2]]


def _corners(box: Box) -> dict[str, float]:
    return dict(zip(("x1", "y1", "x2", "y2"), box, strict=True))


def _sized(box: Box, names: str = "x y width height") -> dict[str, float]:
    return dict(zip(names.split(), box, strict=True))


def _lines(form: Callable[[Box, str], str], head: str = "") -> Callable[[list[Box], list[str]], str]:
    return lambda boxes, names: head + "\n".join(form(box, name) for box, name in zip(boxes, names, strict=True)) + "\n"


def _json(form: Callable[[list[Box], list[str]], object]) -> Callable[[list[Box], list[str]], str]:
    return lambda boxes, names: json.dumps(form(boxes, names))


def _each(form: Callable[[Box, str], object]) -> Callable[[list[Box], list[str]], list[object]]:
    return lambda boxes, names: [form(box, name) for box, name in zip(boxes, names, strict=True)]


def _flat(box: Box, digits: int = 6, between: str = " ") -> str:
    return between.join(f"{value:.{digits}f}".rstrip("0").rstrip(".") for value in box)


def coco(boxes: list[Box], names: list[str]) -> dict[str, object]:
    kinds = sorted(set(names))
    return {
        "images": [{"id": 3, "file_name": NAME, "width": SIZE[0], "height": SIZE[1]},
                   {"id": 4, "file_name": "other.jpg", "width": 30, "height": 40}],
        "categories": [{"id": number, "name": name} for number, name in enumerate(kinds)],
        "annotations": [{"id": row, "image_id": 3, "category_id": kinds.index(name), "bbox": list(xywh(box)), "iscrowd": 0}
                        for row, (box, name) in enumerate(zip(boxes, names, strict=True))]
                       + [{"id": 999, "image_id": 4, "category_id": 0, "bbox": [1, 1, 9, 9]}],
    }  # fmt: skip


def voc(boxes: list[Box], names: list[str]) -> str:
    objects = "".join(
        f"<object><name>{name}</name><bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox>"
        "</object>"
        for (x1, y1, x2, y2), name in zip(boxes, names, strict=True)
    )
    return (
        f"<annotation><filename>{NAME}</filename><size><width>{SIZE[0]}</width><height>{SIZE[1]}</height></size>"
        f"{objects}</annotation>"
    )


def _percent_region(box: Box, name: str) -> dict[str, object]:
    value = _sized(xywh(shares(box, 100))) | {"rotation": 0, "rectanglelabels": [name]}
    return {"type": "rectanglelabels", "original_width": SIZE[0], "original_height": SIZE[1], "value": value}


def _cvat(form: Callable[[Box, str], str]) -> Callable[[list[Box], list[str]], str]:
    head = f'<annotations><image id="0" name="a/{NAME}" width="{SIZE[0]}" height="{SIZE[1]}">'
    return lambda boxes, names: head + "".join(map(form, boxes, names)) + "</image></annotations>"


def _labelme(kind: str, form: Callable[[Box], list[list[float]]]) -> Callable[[list[Box], list[str]], str]:
    shape = _each(lambda box, name: {"label": name, "points": form(box), "shape_type": kind})
    return _json(lambda boxes, names: {"shapes": shape(boxes, names), "imagePath": NAME, "imageWidth": SIZE[0],
                                       "imageHeight": SIZE[1]})  # fmt: skip


def _points(box: Box) -> str:
    return _flat(tuple(value for pair in _ring(box) for value in pair))


def _pose(box: Box, name: str) -> str:
    x, y, w, h = centered(shares(box))
    return f"0 {_flat((x, y, w, h))} {_flat((x - w / 4, y - h / 4))} 2 {_flat((x + w / 4, y + h / 3))} 1"


# Formats whose file alone says where the boxes are.
BUILDERS: dict[str, Callable[[list[Box], list[str]], str]] = {
    "report": _json(lambda boxes, names: {f"a{row}": _corners(box) for row, box in enumerate(boxes)}),
    "list": _json(_each(lambda box, name: _corners(box) | {"label": name})),
    "nested": _json(lambda boxes, names: {"image": NAME, "detections": _each(lambda b, n: {"box": _corners(b)})(boxes, names)}),
    "by photo": _json(lambda boxes, names: {NAME: _each(lambda b, n: _corners(b))(boxes, names), "o.jpg": [_corners((1, 1, 9, 9))]}),
    "json lines": _lines(lambda box, name: json.dumps({"image": NAME, "name": name, **_corners(box)})),
    "supervision": _json(_each(lambda box, name: _sized(box, "x_min y_min x_max y_max") | {"class_id": 1, "class_name": name})),
    "ultralytics": _json(_each(lambda box, name: {"name": name, "class": 0, "confidence": 0.9, "box": _corners(box)})),
    "arrays": _json(lambda boxes, names: {"boxes": boxes, "labels": names, "scores": [0.5] * len(boxes)}),
    "bdd": _json(lambda boxes, names: [{"name": NAME, "labels": _each(lambda b, n: {"category": n, "box2d": _corners(b)})(boxes, names)}]),
    "coco": _json(coco),
    "coco results": _json(_each(lambda box, name: {"image_id": "shelf", "category_id": 1, "bbox": xywh(box), "score": 0.9})),
    "labelme": _labelme("rectangle", lambda box: [[box[2], box[1]], [box[0], box[3]]]),
    "labelme polygons": _labelme("polygon", _ring),
    "label studio": _json(lambda boxes, names: [{"id": 1, "data": {"pic": f"/data/upload/1/3a19f2c1-{NAME}"},
                                                 "annotations": [{"result": _each(_percent_region)(boxes, names)}]}]),
    "label studio min": _json(lambda boxes, names: [{"image": f"/data/local-files/?d=a/{NAME}", "label": [
        region["value"] | {"original_width": SIZE[0], "original_height": SIZE[1]}
        for region in _each(_percent_region)(boxes, names)]}]),
    "via": _json(lambda boxes, names: {f"{NAME}123": {"filename": NAME, "size": 123, "regions": _each(
        lambda b, n: {"shape_attributes": {"name": "rect", **_sized(xywh(b))}, "region_attributes": {"product": n}})(boxes, names)}}),
    "via csv": _lines(lambda box, name: f'{NAME},123,"{{}}",9,1,"' + json.dumps({"name": "rect", **_sized(xywh(box))}).replace('"', '""')
                      + '","' + json.dumps({"product": name}).replace('"', '""') + '"',
                      "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n"),
    "vott": _json(lambda boxes, names: {"asset": {"name": NAME, "size": {"width": SIZE[0], "height": SIZE[1]}}, "regions": _each(
        lambda b, n: {"tags": [n], "boundingBox": _sized(xywh(b), "left top width height")})(boxes, names)}),
    "vott export": _json(lambda boxes, names: {"assets": {"x": {"asset": {"name": NAME}, "regions": _each(
        lambda b, n: {"tags": [n], "boundingBox": _sized(xywh(b), "left top width height")})(boxes, names)}}}),
    "supervisely": _json(lambda boxes, names: {"size": {"width": SIZE[0], "height": SIZE[1]}, "tags": [], "objects": _each(
        lambda b, n: {"classTitle": n, "geometryType": "rectangle", "points": {"exterior": [b[:2], b[2:]], "interior": []}})(boxes, names)}),
    "createml": _json(lambda boxes, names: [{"image": NAME, "annotations": _each(
        lambda b, n: {"label": n, "coordinates": _sized(centered(b))})(boxes, names)}]),
    "roboflow": _json(lambda boxes, names: {"image": {"width": SIZE[0], "height": SIZE[1]}, "predictions": _each(
        lambda b, n: {**_sized(centered(b)), "class": n, "confidence": 0.9})(boxes, names)}),
    "voc": voc,
    "voc namespace": lambda boxes, names: voc(boxes, names).replace("<annotation>", '<annotation xmlns="urn:voc">'),
    "labelme xml": lambda boxes, names: f"<annotation><filename>{NAME}</filename>" + "".join(
        f"<object><name>{name}</name><polygon>" + "".join(f"<pt><x>{x}</x><y>{y}</y></pt>" for x, y in _ring(box))
        + "</polygon></object>" for box, name in zip(boxes, names, strict=True)) + "</annotation>",
    "cvat": _cvat(lambda b, n: f'<box label="{n}" xtl="{b[0]}" ytl="{b[1]}" xbr="{b[2]}" ybr="{b[3]}"/>'),
    "cvat polygons": _cvat(lambda b, n: f'<polygon label="{n}" points="{";".join(f"{x},{y}" for x, y in _ring(b))}"/>'),
    "dlib": lambda boxes, names: f"<dataset><images><image file='{NAME}'>" + "".join(
        "<box left='{}' top='{}' width='{}' height='{}'><label>{}</label></box>".format(*xywh(box), name)
        for box, name in zip(boxes, names, strict=True)) + "</image></images></dataset>",
    "yolo": _lines(lambda box, name: f"{name[1:]} {_flat(centered(shares(box)))}"),
    "yolo names": _lines(lambda box, name: f"soap {name} {_flat(centered(shares(box)))}".replace("soap p", "soap bar p")),
    "yolo confidence last": _lines(lambda box, name: f"{name[1:]} {_flat(centered(shares(box)))} 0.{int(box[0]) % 89 + 10}"),
    "yolo confidence first": _lines(lambda box, name: f"{name[1:]} 0.{int(box[0]) % 89 + 10} {_flat(centered(shares(box)))}"),
    "yolo track": _lines(lambda box, name: f"{name[1:]} {_flat(centered(shares(box)))} {int(box[0])}"),
    "yolo confidence track": _lines(lambda box, name: f"{name[1:]} {_flat(centered(shares(box)))} 0.5 {int(box[0])}"),
    "yolo polygons": _lines(lambda box, name: f"{name[1:]} {_points(shares(box))}"),
    "yolo triangles": _lines(lambda b, name: "0 " + _flat((b[0] / 1000, b[1] / 600, b[2] / 1000, b[1] / 600, b[0] / 1000, b[3] / 600))),
    "yolo pose": _lines(_pose),
    "yolo commas": _lines(lambda box, name: f"{name[1:]},{_flat(centered(shares(box)), between=',')}"),
    "yolo decimal commas": _lines(lambda box, name: f"0 {_flat(centered(shares(box)))}".replace(".", ",")),
    "class x1 y1 x2 y2": _lines(lambda box, name: f"{name} {_flat(box)}"),
    "class confidence x1 y1 x2 y2": _lines(lambda box, name: f"{name} 0.9 {_flat(box)}"),
    "x1 y1 x2 y2 class confidence": _lines(lambda box, name: f"{_flat(box)} {name[1:]} 0.93"),
    "kitti": _lines(lambda box, name: f"{name} 0 0 -1.57 {_flat(box)} 1.5 1.6 3.4 1 2 3 0.1"),
    "dota": _lines(lambda box, name: f"{_points(box)} {name} 0", "imagesource:x\ngsd:0.1\n"),
    "mot": _lines(lambda box, name: f"1,-1,{_flat(xywh(box), between=',')},0.9,-1,-1,-1"),
    "sku": _lines(lambda box, name: f"{NAME},{_flat(box, between=',')},object,1000,600"),
    "makesense": _lines(lambda box, name: f"{name},{_flat(xywh(box), between=',')},{NAME},1000,600"),
    "makesense header": _lines(lambda box, name: f"{name},{_flat(xywh(box), between=',')},{NAME},1000,600",
                               "label_name,bbox_x,bbox_y,bbox_width,bbox_height,image_name,image_width,image_height\n"),
    "keras-retinanet": _lines(lambda box, name: f"a/{NAME},{_flat(box, between=',')},{name}", "a/empty.jpg,,,,,\n"),
    "tensorflow": _lines(lambda box, name: f"{NAME},1000,600,{name},{_flat(box, between=',')}",
                         "filename,width,height,class,xmin,ymin,xmax,ymax\n"),
    "udacity": _lines(lambda b, name: f"{b[0]},{b[2]},{b[1]},{b[3]},{NAME},{name}", "xmin,xmax,ymin,ymax,frame,label\n"),
    "open images": _lines(lambda box, name: "shelf,x,/m/1,1,{0},{2},{1},{3},0".format(*shares(box)),
                          "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded\n"),
    "automl": _lines(lambda box, name: "TRAIN,gs://b/{},{},{},{},,,{},{},,".format(NAME, name, *shares(box))),
    "wheat": _lines(lambda box, name: f'shelf,1000,600,"{list(xywh(box))}",x', "image_id,width,height,bbox,source\n"),
    "semicolons": _lines(lambda box, name: f"a/shelf.jpg;{_flat(box, between=';').replace('.', ',')}", "sep=;\nfile;x1;y1;x2;y2\n"),
    "centres": _lines(lambda box, name: f"{NAME},{_flat(centered(box), between=',')}", "photo,x_center,y_center,w,h\n"),
}  # fmt: skip
