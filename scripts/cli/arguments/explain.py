"""What Hydra refuses to compose, said in one line with what to type instead."""

import shlex
from collections.abc import Sequence

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from scripts.cli.arguments.known import TRAINING, composed, defaults_of, groups, keys_like, keys_of, like, options_of
from scripts.cli.arguments.literal import SWEEP_FLAGS, quoted
from scripts.cli.overrides import leaves, plain_values


def explanation(arguments: Sequence[str], config_name: str) -> str | None:
    """Return what is wrong with the first argument that cannot be composed, None where none is found.

    Args:
        arguments: All that was typed behind the command.
        config_name: The file of conf/ that the command reads.
    """
    sweep = not SWEEP_FLAGS.isdisjoint(arguments)
    overrides, parser = [], OverridesParser.create()
    for argument in arguments:
        if argument.startswith("-") or ("=" not in argument and not argument.startswith("~")):
            continue
        try:
            overrides.append(parser.parse_override(argument))
        except HydraException:
            return _unreadable(argument)
    wrong = [
        _wrong_value(override, sweep, config_name) or _wrong_group(override, config_name) for override in overrides
    ]
    found = next((message for message in wrong if message), None)
    return found or _wrong_keys(overrides, config_name)


def _unreadable(argument: str) -> str:
    key, _, value = argument.partition("=")
    if value.startswith("[") and value.endswith("]"):
        literal = f"[{','.join(quoted(item.strip()) for item in value[1:-1].split(','))}]"
    else:
        literal = quoted(value)
    return f"{argument} cannot be read; as a text, type {shlex.quote(f'{key}={literal}')}"


def _wrong_value(override: Override, sweep: bool, config_name: str) -> str | None:
    """Return what to type where several values are given for one."""
    if sweep or not override.is_sweep_override():
        return None
    typed = str(override.input_line)
    key, _, value = typed.partition("=")
    if config_name == TRAINING:
        return f"{typed} are several values: for a run of each, type python train.py -m {typed}"
    text = shlex.quote(f"{key}={quoted(value)}")
    return f"{typed} are several values: as a list, type '{key}=[{value}]'; as one text, {text}"


def _wrong_group(override: Override, config_name: str) -> str | None:
    group, typed = override.key_or_group, str(override.input_line)
    if group not in groups() or override.is_delete():
        return None
    given = defaults_of(config_name)
    if config_name != TRAINING and override.package is None and group not in given:
        return f"{typed}: this command takes no {group}; type --help behind it for what it takes"
    values = override.sweep_string_iterator() if override.is_sweep_override() else [override.value()]
    missing = [value for value in map(str, values) if value not in (*options_of(group), "None", "null")]
    if missing and not isinstance(override.value(), list | dict):
        meant = like(missing[0], options_of(group))
        sign = "" if group in given or override.package else "+"
        first = f"type {' or '.join(f'{sign}{group}={item}' for item in meant)}; " if meant else ""
        return f"{group}={missing[0]}: there is no such option; {first}{group} is one of {', '.join(options_of(group))}"
    if override.package is None and not override.is_add() and not override.is_force_add() and group not in given:
        return f"{typed}: {group} has no default that it could replace; type +{typed}"
    if override.package is None and override.is_add() and given.get(group) is not None:
        return f"{typed}: {group} has a default, which is replaced without a plus; type {typed.lstrip('+')}"
    return None


def _wrong_keys(overrides: Sequence[Override], config_name: str) -> str | None:
    chosen = [item for item in overrides if item.key_or_group in groups() and not item.is_sweep_override()]
    try:
        cfg = composed(config_name, [str(item.input_line) for item in chosen])
    except (HydraException, OmegaConfBaseException, ValueError):
        cfg = composed(config_name)
    for override in overrides:
        key = override.key_or_group
        if override.package is None and key not in groups() and key.partition(".")[0] != "hydra" and "/" not in key:
            message = _wrong_key(override, cfg, config_name)
            if message:
                return message
    return None


def _wrong_key(override: Override, cfg: DictConfig, config_name: str) -> str | None:
    key, typed = override.key_or_group, str(override.input_line)
    value = typed.partition("=")[2]
    exists = _exists(cfg, key)
    if override.is_add() and exists:
        return f"{typed}: there is a {key} already; type {key}={value}"
    if exists or override.is_add() or override.is_force_add():
        return None
    known = keys_of(cfg)
    if override.is_delete():
        leaf_keys = list(leaves(plain_values(cfg), ""))
        nodes = {item.rpartition(".")[0] for item in leaf_keys} | set(leaf_keys)
        meant = [f"~{item}" for item in like(key, sorted(nodes - {""}))]
    else:
        groups_too = [*defaults_of(config_name), *known] if "." not in key else known
        meant = [f"{item}={value}" for item in keys_like(key, groups_too)]
    if meant:
        return f"{typed}: there is no {key}; type {' or '.join(meant)}"
    node, _, last = key.rpartition(".")
    of_class = node and _exists(cfg, f"{node}._target_")
    added = f"if {OmegaConf.select(cfg, node)._target_} takes a {last}, type +{typed}" if of_class else ""
    return f"{typed}: there is no {key}; {added or 'type --cfg job behind the command for all keys that there are'}"


def _exists(cfg: DictConfig, key: str) -> bool:
    return any(item == key or item.startswith(f"{key}.") for item in leaves(plain_values(cfg), ""))
