"""What a user typed on the command line, and which keys of the configuration it decides."""

from collections.abc import Container, Iterator
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from lightning_modules.recipe import PlainDict, split_override
from scripts.cli.quick_help import CONFIGURATION

GLOBAL = "# @package _global_"


def typed_overrides() -> list[str]:
    """Return the overrides of this call as they were typed, those of Hydra itself left out."""
    typed, hydra = known_overrides(), HydraConfig.get()
    # Lightning starts further processes of one training on the configuration that the first one left in .hydra.
    for source in hydra.runtime.config_sources:
        beside = Path(source.path) / "overrides.yaml"
        if source.provider == "main" and beside.is_file():
            typed = [str(override) for override in OmegaConf.load(beside)]
    return typed


def typed_keys() -> set[str]:
    """Return the keys of this call's overrides, without the plus or tilde before them."""
    return {split_override(override)[0].lstrip("+~") for override in typed_overrides()}


def known_overrides() -> list[str]:
    """Return the overrides that Hydra's record holds: those of this call, before them those of a run that goes on."""
    overrides = plain_values(HydraConfig.get().overrides)["task"]
    assert isinstance(overrides, list), "Hydra keeps overrides in a list"
    return [str(override) for override in overrides]


def plain_values(cfg: object, resolve: bool = False) -> PlainDict:
    """Return a configuration as plain values, with references and functions as they stand in its files or resolved."""
    values = OmegaConf.to_container(cfg, resolve=resolve)
    assert isinstance(values, dict), "a configuration is a mapping"
    return {str(key): value for key, value in values.items()}


def without_keys(value: object, keys: Container[str]) -> object:
    """Return plain values without those of some keys, at any depth."""
    if isinstance(value, dict):
        return {name: without_keys(item, keys) for name, item in value.items() if name not in keys}
    return [without_keys(item, keys) for item in value] if isinstance(value, list) else value


def decided_keys(overrides: list[str]) -> tuple[set[str], set[str]]:
    """Return the dotted keys that overrides decide, and the groups of which they choose an option.

    ``lambda=3`` decides lambda, ``trainer=gpu`` all of trainer, ``~callbacks.summary`` that there is none. An option
    that is written for the whole configuration, as an experiment, decides what stands in its file.
    """
    keys, groups = set[str](), set[str]()
    for override in OverridesParser.create().parse_overrides(overrides):
        name, value = override.key_or_group, override.value()
        if name.partition("/")[0] == "hydra" or name.startswith("hydra."):
            continue
        if (CONFIGURATION / name).is_dir():
            groups.add(name)
            keys |= _keys_of_option(name, None if override.is_delete() else str(value), override.package)
        else:
            keys |= set(leaves(value, name)) if isinstance(value, dict) and value else {name}
    return keys, groups


def _keys_of_option(group: str, option: str | None, package: str | None) -> set[str]:
    file = CONFIGURATION / group / f"{option}.yaml"
    if package is not None or option is None or not file.is_file() or GLOBAL not in file.read_text():
        return {package or group.replace("/", ".")}
    content = plain_values(OmegaConf.load(file))
    keys, defaults = {group}, content.pop("defaults", [])
    assert isinstance(defaults, list), "Hydra's defaults are a list"
    for entry in defaults:
        named, chosen = next(iter(entry.items())) if isinstance(entry, dict) else (entry, None)
        name, _, place = str(named).removeprefix("override ").partition("@")
        if place:
            keys.add(place)
        elif chosen is not None:
            keys |= _keys_of_option(name.lstrip("/"), str(chosen), None)
        elif name != "_self_":
            keys |= _keys_of_option(group, name, None)
    return keys | set(leaves(content, ""))


def leaves(values: PlainDict, prefix: str) -> Iterator[str]:
    """Yield the dotted keys of all values of a mapping that are not themselves mappings with values."""
    for name, value in values.items():
        key = f"{prefix}.{name}" if prefix else str(name)
        if isinstance(value, dict) and value:
            yield from leaves(value, key)
        else:
            yield key
