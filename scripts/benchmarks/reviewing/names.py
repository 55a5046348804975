"""How often groups get the right name, and how often one whose product is not among the known ones gets any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from omegaconf import DictConfig

from analysis.measures.bootstrap import bootstrap_interval
from analysis.naming.products import NamedProducts
from inference.grouper import Grouper
from inference.reviewed_groups import linkage_threshold
from scripts.benchmarks.reviewing.named_units import (
    Shares,
    Unit,
    finite_mean,
    learn_from,
    named_shares,
    photo_units,
    product_units,
)
from scripts.benchmarks.timing.table import Table
from scripts.evaluation.checkpoints import find_checkpoints
from scripts.evaluation.photos import photos_of_run

PHOTOS, CROPS = ("cornershop",), ("detergents/train", "grozi120")
# Shares of unknown products that may get a name.
RATES = (0.02, 0.05, 0.1)


def run(cfg: DictConfig) -> Table:
    """Name groups by the crops of others, with half of the products withheld in turn.

    Raises:
        ValueError: If data_dir is not given or holds none of the data sets, or a checkpoint has no threshold.
    """
    possible = (*PHOTOS, *CROPS) if cfg.runs is None else PHOTOS
    present = [name for name in possible if cfg.data_dir and (Path(cfg.data_dir) / name).is_dir()]
    if not present:
        raise ValueError(f"names needs data_dir=FOLDER with one of {', '.join(possible)}; got data_dir={cfg.data_dir}")
    rows = []
    for name in present:
        found = [
            _measure(grouper, Path(cfg.data_dir) / name, held_out, cfg.seed)
            for grouper, held_out in _networks(cfg, name)
        ]
        for rate in RATES:
            shares = [unit for network in found for unit in network[rate]]
            of = f"{len(shares)} {'photos' if name in PHOTOS else 'products'}"
            rows.append([name, of, f"{rate:.0%}", *map(_cell, zip(*shares, strict=True))])
    columns = ["data", "of", "unknown_named", "known: right name", "known: wrong name", "unknown: a name"]
    notes = ["shares of detections, with 95 % intervals over photos or products; half of the products withheld in turn"]
    return Table("Names", columns, rows, notes)


def _networks(cfg: DictConfig, source: str) -> Iterator[tuple[Grouper, set[str] | None]]:
    """Yield the networks, each with the names of the photos that it held out, None for all."""
    if cfg.runs is None:
        yield Grouper.load(cfg.checkpoint), None
        return
    for trained in find_checkpoints(None, None, cfg.runs):
        held_out = [scene.name for scene in photos_of_run(trained, None).scenes if scene.source == source]
        if not held_out:
            raise ValueError(f"{trained.name} holds out no photo of {source}: leave runs= away, or give others")
        yield Grouper.load(trained.path), {name.removeprefix(f"{source}/") for name in held_out}


def _measure(grouper: Grouper, folder: Path, held_out: set[str] | None, seed: int) -> dict[float, list[Shares]]:
    """Return the shares of each photo or product at each rate."""
    threshold = linkage_threshold(grouper)
    if threshold is None:
        raise ValueError("names needs a checkpoint with a distance threshold: train with clustering=calibrated")
    of_photos = folder.name in PHOTOS
    units = photo_units(grouper, folder) if of_photos else product_units(grouper, folder)
    measured = [unit for unit in units if held_out is None or unit.name in held_out]
    sides: list[dict[float, list[Shares]]] = []
    for withheld in _halves(units, seed):
        side: dict[float, list[Shares]] = {rate: [] for rate in RATES}
        products: NamedProducts | None = None
        for unit in measured:
            # A photo is named by the others, the last crops of a product by the first ones of all.
            if products is None or of_photos:
                givers = [other for other in units if not of_photos or other is not unit]
                products = learn_from(givers, withheld, grouper.embedder.metric.name, threshold, of_photos)
            for rate, own in named_shares(unit, products, RATES).items():
                side[rate].append(own)
        sides.append(side)
    # Known on one side, unknown on the other: a photo or product counts once, with the mean of both.
    return {
        rate: [
            tuple(map(finite_mean, zip(*both, strict=True)))
            for both in zip(*(side[rate] for side in sides), strict=True)
        ]
        for rate in RATES
    }


def _halves(units: Sequence[Unit], seed: int) -> tuple[list[str], list[str]]:
    names = np.random.default_rng(seed).permutation(np.unique(np.concatenate([unit.known_products for unit in units])))
    return names[::2].tolist(), names[1::2].tolist()


def _cell(shares: Sequence[float]) -> str:
    finite = [share for share in shares if np.isfinite(share)]
    low, high = bootstrap_interval(finite)
    return f"{np.mean(finite):.2f} ({low:.2f} to {high:.2f})"
