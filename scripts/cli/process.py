"""How a process that trains or embeds deals with memory and with known warnings."""

import warnings

# Names of malloc.h.
M_TRIM_THRESHOLD = -1
M_MMAP_MAX = -4
LARGEST_INT = 2**31 - 1


def prepare_process() -> None:
    """Keep freed memory for the next batch and hush known warnings."""
    # Lightning itself still uses torch's old name.
    warnings.filterwarnings("ignore", message=".*LeafSpec.*")
    # Frozen layers are in evaluation mode on purpose.
    warnings.filterwarnings("ignore", message=".*module\\(s\\) in eval mode at the start.*")
    keep_freed_memory()


def keep_freed_memory() -> None:
    """Tell glibc to keep freed memory for the next batch instead of returning it to the system.

    A batch of 100 crops of 224 x 224 pixels takes 60 MB as floats. By default each such tensor is mapped anew and
    every page faulted in again, which on 2 cores took longer than converting the batch and added half to a training
    step of the two-layer network. Other C libraries have no such switch and are left alone.
    """
    # Import time: ctypes alone takes longer than all that --cfg needs of this project.
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, LARGEST_INT)


def release_freed_memory() -> None:
    """Tell glibc to return what is freed, before work that needs pieces of other sizes.

    A photo of 50 megapixels is read into 200 MB. Read again after the hole that it left has been used here and there,
    it takes as much a second time.
    """
    # Import time, as above.
    import ctypes

    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
