import pytest
import torch

from lightning_modules.backbones import alexnet_pretrained
from lightning_modules.backbones.alexnet_pretrained import AlexNetPretrained
from lightning_modules.backbones.caffenet_pretrained import CaffeNetPretrained


def equal(net, other):
    return all(torch.equal(value, other.features.state_dict()[key]) for key, value in net.features.state_dict().items())


def test_alexnet_takes_torchvisions_file_from_the_weights_folder(tmp_path):
    source = AlexNetPretrained(weights=None)
    state = {f"features.{key}": value for key, value in source.features.state_dict().items()}
    torch.save({**state, "classifier.1.weight": torch.zeros(1)}, tmp_path / "alexnet-owt-7be5be79.pth")
    assert equal(AlexNetPretrained(weights_dir=str(tmp_path)), source)


def test_caffenet_takes_its_file_from_the_weights_folder_or_by_path(tmp_path):
    source = CaffeNetPretrained(weights=None)
    path = tmp_path / "caffenet_features.pth"
    torch.save(source.features.state_dict(), path)
    assert equal(CaffeNetPretrained(weights_dir=str(tmp_path)), source)
    assert equal(CaffeNetPretrained(weights=str(path)), source)


def test_without_network_the_error_names_the_file(monkeypatch):
    from torchvision.models import AlexNet_Weights

    def offline(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(AlexNet_Weights, "get_state_dict", offline)
    assert alexnet_pretrained  # the module whose download fails
    with pytest.raises(FileNotFoundError, match=r"alexnet-owt-7be5be79\.pth.*weights_dir=FOLDER"):
        AlexNetPretrained()


def test_caffenet_without_weights_names_the_file():
    with pytest.raises(FileNotFoundError, match=r"caffenet_features\.pth"):
        CaffeNetPretrained()


def test_missing_paths_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        CaffeNetPretrained(weights=str(tmp_path / "nowhere.pth"))
    with pytest.raises(FileNotFoundError, match="weights_dir: there is no folder"):
        CaffeNetPretrained(weights_dir=str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a file of PyTorch"),
        (b"not a file of weights", "is not a file of PyTorch"),
        (None, "does not hold the weights"),
    ],
)
def test_files_that_do_not_fit_are_named(tmp_path, content, message):
    path = tmp_path / "other.pth"
    if content is None:
        torch.save({"0.weight": torch.zeros(3)}, path)
    else:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"other\.pth {message}"):
        CaffeNetPretrained(weights=str(path))


@pytest.mark.real_data
def test_the_real_caffenet_weights_load(weights_dir):
    net = CaffeNetPretrained(weights_dir=str(weights_dir))
    with torch.inference_mode():
        maps = net.features(torch.randn(1, 3, 227, 227))
    assert maps.shape == (1, 256, 6, 6)
    assert maps.max() > 0
