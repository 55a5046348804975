"""Networks of the package timm as backbones."""
