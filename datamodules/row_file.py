"""Writing an array's file row by row, in any order and from several threads."""

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
    decoding the crops' JPEGs. Nor do written rows count as memory of the process. A thread sends them to the disk
    meanwhile, so that little is left to wait for when the file is closed.

    Args:
        path: File to be made; ``np.load`` reads it.
        dtype: Of the numbers.
        shape: Rows and the shape of each.
    """

    def __init__(self, path: Path, dtype: type[np.generic], shape: tuple[int, ...]) -> None:
        self.dtype, self.row_shape, self.count = np.dtype(dtype), tuple(shape[1:]), shape[0]
        self.row_bytes = int(np.prod(self.row_shape)) * self.dtype.itemsize
        self._lock = threading.Lock()
        # Unbuffered: a row is larger than any buffer.
        self._stream = path.open("wb", buffering=0)
        header = {"descr": np.lib.format.dtype_to_descr(self.dtype), "fortran_order": False, "shape": tuple(shape)}
        np.lib.format.write_array_header_1_0(self._stream, header)
        self._start = self._stream.tell()
        self._stream.truncate(self._start + self.count * self.row_bytes)

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
        try:
            if kind is None:
                os.fsync(self._stream.fileno())
        finally:
            self._stream.close()

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
        with self._lock:
            self._stream.seek(self._start + row * self.row_bytes)
            while len(rest):
                rest = rest[self._stream.write(rest) :]

    def _sync(self) -> None:
        while not self._closing.wait(SYNC_SECONDS):
            try:
                os.fsync(self._stream.fileno())
            except OSError:
                # The disk is full or gone: closing syncs again, and raises it there.
                return
