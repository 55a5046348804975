"""The arithmetic of a training, chosen by what the machine computes natively."""

from omegaconf import DictConfig, open_dict, read_write


def choose_precision(cfg: DictConfig) -> None:
    """Replace ``trainer.precision=auto`` by what is fast here, and say what that is.

    bfloat16 pays on GPUs that have it and on processors with AMX; elsewhere it is emulated, which is many times slower
    than float32, or gains next to nothing (AVX512).
    """
    if cfg.trainer.precision != "auto":
        return
    native = _native_bfloat16(str(cfg.trainer.accelerator))
    with read_write(cfg), open_dict(cfg):
        cfg.trainer.precision = "bf16-mixed" if native else "32-true"
    reason = f"bfloat16 is native to {native}" if native else "no native bfloat16 (GPU, or CPU with AMX) is here"
    print(f"precision: {cfg.trainer.precision}, as {reason}")


def _native_bfloat16(accelerator: str) -> str | None:
    """Return the name of the device that computes in bfloat16, None if the training's does not."""
    # Imported late: --help and --cfg need no torch.
    import torch

    if accelerator != "cpu" and torch.cuda.is_available():
        return "this GPU" if torch.cuda.is_bf16_supported(including_emulation=False) else None
    # torch.cpu has no public name for it.
    return "this CPU (AMX)" if torch.backends.mkldnn.is_available() and torch.cpu._is_amx_tile_supported() else None
