"""The arithmetic follows the machine, and is said."""

import pytest
import torch
from support import compose_config

from scripts.cli.precision import choose_precision


@pytest.mark.parametrize(
    ("cuda", "amx", "accelerator", "expected"),
    [
        (False, False, "auto", "32-true"),
        (False, True, "auto", "bf16-mixed"),
        (True, False, "auto", "bf16-mixed"),
        (True, False, "cpu", "32-true"),
    ],
)
def test_auto_takes_what_is_native(monkeypatch, capsys, cuda, amx, accelerator, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: cuda)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    cfg = compose_config(["+experiment=recommended", f"trainer.accelerator={accelerator}"])
    choose_precision(cfg)
    assert cfg.trainer.precision == expected
    assert capsys.readouterr().out.startswith(f"precision: {expected}, as ")


def test_a_typed_precision_stays(capsys):
    cfg = compose_config(["trainer.precision=bf16-mixed"])
    choose_precision(cfg)
    assert cfg.trainer.precision == "bf16-mixed"
    assert not capsys.readouterr().out
