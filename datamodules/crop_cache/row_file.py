"""Writing an array's file row by row, in any order and from several processes."""

import os
import threading
from pathlib import Path
from types import TracebackType

import numpy as np

# Between two times that what was written is sent to the disk.
SYNC_SECONDS = 0.1


class RowFile:
    """A NumPy file of known shape whose rows are written as they come; rows never written are 0.

    Written and not mapped: every first touch of a mapped page interrupts the process, which took longer than
    decoding the crops' JPEGs. Nor do written rows count as memory of the process. A thread of the process that made the
    file sends them to the disk meanwhile, so that little is left to wait for when the file is closed.

    Args:
        path: File to be made; ``np.load`` reads it.
        dtype: Of the numbers.
        shape: Rows and the shape of each.
    """

    def __init__(self, path: Path, dtype: type[np.generic], shape: tuple[int, ...]) -> None:
        self.dtype, self.row_shape, self.count = np.dtype(dtype), tuple(shape[1:]), shape[0]
        self.row_bytes = int(np.prod(self.row_shape)) * self.dtype.itemsize
        self.path = path
        header = {"descr": np.lib.format.dtype_to_descr(self.dtype), "fortran_order": False, "shape": tuple(shape)}
        with path.open("wb") as stream:
            np.lib.format.write_array_header_1_0(stream, header)
            self.start = stream.tell()
            stream.truncate(self.start + self.count * self.row_bytes)

    def __enter__(self) -> "RowFile":
        self._closing = threading.Event()
        self._syncing = threading.Thread(target=self._sync, daemon=True)
        self._syncing.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._syncing.join()
        if kind is None:
            self._send()

    def write(self, row: int, values: np.ndarray) -> None:
        """Writes one row.

        Raises:
            ValueError: If there is no such row, or the values are of another shape or type.
        """
        if not 0 <= row < self.count:
            raise ValueError(f"the file has rows 0..{self.count - 1}, got row {row}")
        if values.shape != self.row_shape or values.dtype != self.dtype:
            raise ValueError(f"a row is {self.dtype} {self.row_shape}, got {values.dtype} {values.shape}")
        rest = np.ascontiguousarray(values).data.cast("B")
        # Opened for each row: in a file that is open already, processes would share their place.
        with self.path.open("r+b", buffering=0) as stream:
            stream.seek(self.start + row * self.row_bytes)
            while len(rest):
                rest = rest[stream.write(rest) :]

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def _send(self) -> None:
        with self.path.open("r+b") as stream:
            os.fsync(stream.fileno())

    def _sync(self) -> None:
        while not self._closing.wait(SYNC_SECONDS):
            try:
                self._send()
            except OSError:
                # The disk is full or gone: closing syncs again, and raises it there.
                return
