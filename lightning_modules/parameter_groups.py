"""Which parameters learn at which rate."""

from collections.abc import Callable

from torch import nn
from torch.optim import Optimizer

# Where the convolutional layers of a backbone stand among a module's parameters.
FEATURES = "embedder.backbone.features."


def grouped_optimizer(module: nn.Module, optimizer: Callable[..., Optimizer], features_lr_factor: float) -> Optimizer:
    """Return an optimiser of what is trained, whose convolutional features learn at a factor of its learning rate.

    Args:
        module: Its parameters without a gradient are left out.
        optimizer: Called with the parameters.
        features_lr_factor: Above 0; 1 for one rate, and one group, for all.
    """
    trained = {name: parameter for name, parameter in module.named_parameters() if parameter.requires_grad}
    features = [parameter for name, parameter in trained.items() if name.startswith(FEATURES)]
    if features_lr_factor == 1 or not features:
        return optimizer(list(trained.values()))
    rest = [parameter for name, parameter in trained.items() if not name.startswith(FEATURES)]
    built = optimizer([{"name": "rest", "params": rest}, {"name": "features", "params": features}])
    built.param_groups[1]["lr"] *= features_lr_factor
    return built
