"""The built-in data set on disk: photos of shelves, with boxes and products in shelves.json."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from datamodules.synthetic.packages.catalogue import make_catalogue
from datamodules.synthetic.photo import render_photo
from datamodules.synthetic.planogram import PhotoPlan, Planner
from datamodules.synthetic.view import canvas_size
from datamodules.whole_folder import whole_folder
from datamodules.workers import mapped

VERSION = 1
INDEX = "shelves.json"


@dataclass(frozen=True)
class ShelfPhoto:
    """One photo with its detections: ids of length n, boxes (n, 4) as float32, products (n,) as int64."""

    path: Path
    split: str
    ids: tuple[str, ...]
    boxes: NDArray[np.float32]
    products: NDArray[np.int64]


class _Parameters(NamedTuple):
    """What a data set is made with, as :func:`write_shelves` takes it."""

    seed: int
    num_brands: int
    num_train_photos: int
    num_test_photos: int
    unseen_fraction: float
    photo_width: int
    photo_height: int

    @property
    def size(self) -> tuple[int, int]:
        return self.photo_width, self.photo_height


class _Entry(TypedDict):
    """A photo in the index."""

    file: str
    split: str
    boxes: list[list[float]]
    products: list[int]
    ids: NotRequired[list[str]]


class _Index(TypedDict):
    """What the index holds."""

    version: int
    parameters: dict[str, float]
    products: list[str]
    photos: list[_Entry]


class _Job(NamedTuple):
    """All that a worker needs to render one photo."""

    folder: Path
    split: str
    number: int
    plan: PhotoPlan
    parameters: _Parameters


def write_shelves(
    folder: Path,
    *,
    seed: int = 0,
    num_brands: int = 16,
    num_train_photos: int = 48,
    num_test_photos: int = 12,
    unseen_fraction: float = 0.3,
    photo_width: int = 1600,
    photo_height: int = 1200,
    workers: int = 1,
) -> None:
    """Render the data set; the folder is complete or absent, and a complete one is left as it is.

    Args:
        folder: Where train/, test/ and shelves.json shall be.
        seed: The same seed and sizes give the same bytes, with any number of workers.
        num_brands: 2 to 200.
        num_train_photos: 1 or more.
        num_test_photos: 1 or more.
        unseen_fraction: Fraction of the products that only test photos show, 0 to 0.7.
        photo_width: Pixels, 200 or more.
        photo_height: Pixels, 200 or more.
        workers: Processes that render; 1 renders in this one.

    Raises:
        ValueError: If an argument is out of its range.
        FileExistsError: If the folder is there but holds something else, or other parameters' shelves.
    """
    parameters = _Parameters(
        seed, num_brands, num_train_photos, num_test_photos, unseen_fraction, photo_width, photo_height
    )
    _check(parameters, workers)
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        _check_existing(folder, parameters)
        return
    with whole_folder(folder) as unfinished:
        _write_all(unfinished, parameters, workers)
    # Another process may have been faster, with other shelves.
    _check_existing(folder, parameters)


def read_shelves(folder: Path) -> list[ShelfPhoto]:
    """Read the index of a data set; photos are not opened."""
    return [
        ShelfPhoto(
            path=Path(folder) / photo["file"],
            split=photo["split"],
            ids=tuple(photo["ids"]),
            boxes=np.asarray(photo["boxes"], np.float32).reshape(-1, 4),
            products=np.asarray(photo["products"], np.int64),
        )
        for photo in _read_index(folder)["photos"]
    ]


def product_names(folder: Path) -> list[str]:
    """Return the names of all products; a product's label is its position."""
    return list(_read_index(folder)["products"])


def _read_index(folder: Path) -> _Index:
    index: _Index = json.loads((Path(folder) / INDEX).read_text())
    if index["version"] != VERSION:
        raise ValueError(f"{folder} has shelves of version {index['version']}, this code reads version {VERSION}")
    return index


def _check(parameters: _Parameters, workers: int) -> None:
    """Raise ValueError for numbers that make no data set; seed, brands and fraction are checked where they are used."""
    least = {"num_train_photos": 1, "num_test_photos": 1, "photo_width": 200, "photo_height": 200}
    for name, smallest in least.items():
        if getattr(parameters, name) < smallest:
            raise ValueError(f"{name} must be {smallest} or more, got {getattr(parameters, name)}")
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, got {workers}")


def _check_existing(folder: Path, parameters: _Parameters) -> None:
    """Raise FileExistsError unless the folder holds exactly these shelves."""
    if not (folder / INDEX).exists():
        raise FileExistsError(f"{folder} exists and holds no {INDEX}; name another folder or remove it")
    found = _read_index(folder)["parameters"]
    if found != parameters._asdict():
        wanted = parameters._asdict()
        raise FileExistsError(f"{folder} holds shelves made with {found}, wanted {wanted}; name another folder")


def _write_all(folder: Path, parameters: _Parameters, workers: int) -> None:
    """Plan everything here, render wherever there is a worker, and write the index last."""
    catalogue = make_catalogue(parameters.seed, parameters.num_brands)
    for split in ("train", "test"):
        (folder / split).mkdir()
    jobs = _jobs(folder, parameters)
    if workers == 1:
        photos = [_render(job) for job in jobs]
    else:
        with mapped(_render, jobs, workers, at_once=4, start="spawn") as results:
            photos = list(results)
    _number(photos)
    names = [product.name for product in catalogue.products]
    index = _Index(version=VERSION, parameters=parameters._asdict(), products=names, photos=photos)
    (folder / INDEX).write_text(json.dumps(index))


def _jobs(folder: Path, parameters: _Parameters) -> list[_Job]:
    """Plan the photos so that every product is on some photo of its split, if there are photos enough."""
    catalogue = make_catalogue(parameters.seed, parameters.num_brands)
    planner = Planner(catalogue, parameters.unseen_fraction, np.random.default_rng([parameters.seed, 1]))
    canvas = canvas_size(*parameters.size)
    seen = [label for label in range(len(catalogue.products)) if label not in planner.unseen]
    jobs = []
    counts = {"train": parameters.num_train_photos, "test": parameters.num_test_photos}
    for (split, count), labels in zip(counts.items(), (seen, sorted(planner.unseen)), strict=True):
        for number in range(count):
            plan = planner.plan(split, labels[number::count], *canvas)
            jobs.append(_Job(folder, split, number, plan, parameters))
    return jobs


def _render(job: _Job) -> _Entry:
    """Render one photo, save it, and return its entry of the index, still without ids."""
    made = job.parameters
    generator = np.random.default_rng([made.seed, 2, ("train", "test").index(job.split), job.number])
    photo = render_photo(made.seed, made.num_brands, job.plan, made.size, generator)
    file = f"{job.split}/photo_{job.number:03d}.jpg"
    photo.picture.save(job.folder / file, quality=int(generator.integers(78, 95)))
    boxes = [[round(float(side), 2) for side in box] for box in photo.boxes]
    return {"file": file, "split": job.split, "boxes": boxes, "products": photo.products.tolist()}


def _number(photos: list[_Entry]) -> None:
    """Give every detection an id of its own within the data set."""
    first = 0
    for photo in photos:
        photo["ids"] = [str(first + i) for i in range(len(photo["boxes"]))]
        first += len(photo["boxes"])
