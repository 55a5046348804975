"""Mixed precision, tf32 and compilation, as far as a processor shows them."""

import pytest
import torch
from small_module import batch, make_module

from lightning_modules.distributed import gather_batch


def quiet(module):
    module.log_dict = lambda *_, **__: None
    return module


def test_similarities_and_loss_are_float32_under_mixed_precision():
    torch.manual_seed(0)
    module, crops = quiet(make_module()).eval(), batch([0, 1, 1, 0])
    seen = []
    module.head.register_forward_hook(lambda _, inputs, output: seen.append((inputs[0].dtype, output.dtype)))
    with torch.autocast("cpu", torch.bfloat16):
        raw = module.embedder.backbone.features(module.embedder.preprocessing(crops["image"]))
        loss, outputs = module.training_step(crops, 0), module.validation_step(crops, 0)
    assert raw.dtype == torch.bfloat16
    assert set(seen) == {(torch.float32, torch.float32)}
    assert loss.dtype == outputs["embedding"].dtype == torch.float32
    torch.testing.assert_close(outputs["embedding"].norm(dim=1), torch.ones(4), atol=1e-6, rtol=0)
    torch.testing.assert_close(loss, module.training_step(crops, 0), atol=0.1, rtol=0)


def test_matrix_products_are_as_exact_as_asked_for():
    before = torch.get_float32_matmul_precision()
    try:
        make_module(matmul_precision="high").setup("fit")
        assert torch.get_float32_matmul_precision() == "high"
    finally:
        torch.set_float32_matmul_precision(before)
    with pytest.raises(ValueError, match=r"matmul_precision must be one of highest, high, got 'low'"):
        make_module(matmul_precision="low")


def test_a_compiled_module_gives_the_same_and_keeps_its_names():
    torch.manual_seed(0)
    plain, compiled, crops = quiet(make_module()), quiet(make_module(compile_backend="eager")), batch([0, 1, 1])
    compiled.load_state_dict(plain.state_dict())
    compiled.setup("fit")
    torch.testing.assert_close(compiled.training_step(crops, 0), plain.training_step(crops, 0), atol=1e-5, rtol=1e-5)
    assert compiled.state_dict().keys() == plain.state_dict().keys()


def test_alone_a_batch_is_what_it_was():
    raw, labels, index = torch.rand(3, 2), torch.tensor([0, 1, 1]), torch.tensor([7, 3, 5])
    whole = gather_batch(make_module(), index, raw, labels)
    assert all(got is given for got, given in zip(whole, (index, raw, labels), strict=True))
