"""What a fixed backbone sees of crops, kept on disk for the next runs."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from lightning_modules.protocols import Backbone

# Seconds that a process waits for another one that is writing.
PATIENCE = 60


class FeatureFile:
    """Pooled features in an SQLite file, found by the crop's content and by what the network makes of a fixed picture.

    SQLite keeps the file whole when a process is killed, and lets several write into it. Weights, options, precision
    and machine need not be named: networks that differ in any of them see the fixed picture differently.

    Args:
        folder: Where the file lies; it can be deleted whenever no run is using it.
    """

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder) / "features.sqlite"

    def of(self, backbone: Backbone, images: Tensor, sizes: Tensor) -> Tensor:
        """Return the pooled features (n, f), computing and keeping those that are not known.

        Args:
            backbone: One whose pooled features of a crop stay the same.
            images: Normalised crops (n, 3, s, s).
            sizes: Relative log width and height of each crop (n, 2).

        Raises:
            OSError: If the file cannot be read or written; names it.
        """
        with torch.no_grad():
            seen = _seen_of_fixed_picture(backbone, images)
            keys = _keys(seen, images, sizes if backbone.takes_sizes else None)
            with self._opened() as table:
                rows = {key: row for key in keys if (row := _find(table, key)) is not None}
                missing = [place for place, key in enumerate(keys) if key not in rows]
                if missing:
                    # Twice where it is alone: small maps of a single crop are computed otherwise, to the last digit.
                    places = missing if len(missing) > 1 else missing * 2
                    fresh = backbone.pooled_features(images[places], sizes[places]).float().cpu().numpy()
                    computed = {keys[place]: row.tobytes() for place, row in zip(places, fresh, strict=True)}
                    with table:
                        table.executemany("INSERT OR IGNORE INTO features VALUES (?, ?)", computed.items())
                    rows |= computed
        values = np.frombuffer(b"".join(rows[key] for key in keys), dtype=np.float32).reshape(len(keys), seen.shape[1])
        return torch.from_numpy(values.copy()).to(seen)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        # Opened for each batch, which takes no time: a connection may not pass from one process to another.
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as table:
                table.execute("CREATE TABLE IF NOT EXISTS features (key BLOB PRIMARY KEY, row BLOB)")
                yield table
        except sqlite3.Error as error:
            raise OSError(
                f"{self.path}, which keeps features for later runs, cannot be used: {error}; delete it, or type "
                "module.feature_dir=null"
            ) from error


def _seen_of_fixed_picture(backbone: Backbone, images: Tensor) -> Tensor:
    picture = torch.rand(images[:1].shape[1:], generator=torch.Generator().manual_seed(0))
    return backbone.pooled_features(picture[None].to(images), torch.zeros(1, 2, device=images.device))


def _keys(seen: Tensor, images: Tensor, sizes: Tensor | None) -> list[bytes]:
    network = hashlib.blake2b(seen.float().cpu().numpy().tobytes(), digest_size=16).digest()
    columns: Sequence[Tensor] = [images] if sizes is None else [images, sizes]
    contents = [column.float().cpu().contiguous().numpy() for column in columns]
    return [
        hashlib.blake2b(b"".join(map(np.ndarray.tobytes, crop)), digest_size=16, key=network).digest()
        for crop in zip(*contents, strict=True)
    ]


def _find(table: sqlite3.Connection, key: bytes) -> bytes | None:
    found = table.execute("SELECT row FROM features WHERE key = ?", (key,)).fetchone()
    return None if found is None else found[0]
