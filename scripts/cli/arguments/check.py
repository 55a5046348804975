"""What Hydra would take in silence, or answer with a page on its own flags: refused in one line before it is asked."""

from collections.abc import Sequence
from pathlib import Path

from omegaconf import OmegaConf

from scripts.cli.arguments.known import TRAINING, defaults_of, groups, like, options_of
from scripts.cli.arguments.literal import asked_for
from scripts.cli.quick_help import CONFIGURATION
from scripts.cli.renamed import OVERRIDE

# Hydra's own flags, by whether a value follows.
WITH_VALUE = "--cfg -c --package -p --config-path -cp --config-name -cn --config-dir -cd --experimental-rerun --info -i"
ALONE = "--help -h --hydra-help --version --resolve --run -r --multirun -m --shell-completion -sc"
FLAGS = {flag: flag in WITH_VALUE.split() for flag in f"{WITH_VALUE} {ALONE}".split()}
# With these, Hydra reads other files than those of conf/.
OTHER_FILES = frozenset(["--config-path", "-cp", "--config-name", "-cn", "--config-dir", "-cd", "--experimental-rerun"])
# What a file or folder that stands alone was meant for, the first that the command has.
OPTIONS_OF_FILES = {
    ".ckpt": ("checkpoint", "resume"),
    "": ("photos", "runs", "crops", "data.root"),
    **dict.fromkeys((".json", ".xml", ".csv", ".txt"), ("boxes", "data.boxes")),
}


def check_arguments(arguments: Sequence[str], config_name: str) -> None:
    """Check what was typed against the names of the files of conf/.

    Args:
        arguments: All that was typed behind the command.
        config_name: The file of conf/ that the command reads.

    Raises:
        ValueError: If something cannot be meant; it says what to type.
    """
    overrides, _ = split_flags(arguments)
    if not OTHER_FILES.isdisjoint(argument.partition("=")[0] for argument in arguments):
        return
    for number, override in enumerate(overrides):
        parts = OVERRIDE.fullmatch(override)
        if parts is None or (parts["value"] is None and not parts["sign"].startswith("~")):
            raise ValueError(_without_equals(override, overrides[number + 1 :], config_name))
        sign, key, package, value = parts["sign"], parts["key"], parts["package"], (parts["value"] or "")[1:]
        if parts["value"] == "=":
            one = f"{key}=OPTION, one of {', '.join(options_of(key))}" if key in groups() else asked_for(key)
            raise ValueError(f"{override} has no value: type {sign}{one}, or leave it out")
        if package is None and "." not in key:
            _check_root(sign, key, value, config_name)
        if package is None and sign.startswith("+"):
            _check_is_read(override, key, overrides, config_name)
    _check_typed_once(overrides)


def root_keys(config_name: str) -> list[str]:
    """Return the keys at the root of a command's configuration that are no groups."""
    files = [f"{config_name}.yaml", *(["paths/default.yaml"] if "paths" in defaults_of(config_name) else [])]
    keys = dict.fromkeys(str(key) for file in files for key in OmegaConf.load(CONFIGURATION / file))
    return [key for key in keys if key not in ("defaults", "hydra")]


def split_flags(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the overrides among the arguments, and Hydra's flags with their values.

    Raises:
        ValueError: If a flag is none of Hydra's.
    """
    overrides, flags, rest = list[str](), list[str](), list(arguments)
    while rest:
        argument = rest.pop(0)
        if not argument.startswith("-"):
            overrides.append(argument)
            continue
        name, equals, _ = argument.partition("=")
        # As Hydra does, the beginning of a long flag is taken for it.
        flag = next((flag for flag in FLAGS if flag == name or (name[2:] and flag.startswith(name))), None)
        if flag is None:
            raise ValueError(_unknown_flag(argument, rest))
        flags.append(argument)
        if FLAGS[flag] and not equals and rest and "=" not in rest[0]:
            flags.append(rest.pop(0))
    return overrides, flags


def _unknown_flag(argument: str, following: Sequence[str]) -> str:
    name, equals, value = argument.lstrip("-").partition("=")
    meant = like(f"--{name}", [flag for flag in FLAGS if flag.startswith("--")])
    if len(name) < 2:
        return f"{argument} is no flag: type -m for a sweep, --help for all options; values are typed KEY=VALUE"
    if meant:
        return f"{argument} is no flag: type {'-m' if meant == ['--multirun'] else ' or '.join(meant)}"
    if not equals:
        value = next((item for item in following[:1] if "=" not in item and not item.startswith("-")), "VALUE")
    return f"{argument} is no flag: options are typed without dashes and with an equals sign: {name}={value}"


def _without_equals(word: str, following: Sequence[str], config_name: str) -> str:
    known = [*groups(), *root_keys(config_name)]
    path = Path(word)
    if path.exists() or path.suffix == ".ckpt":
        of_kind = OPTIONS_OF_FILES.get("" if path.is_dir() else path.suffix.lower(), ("photo", "data.photo"))
        firsts = {*known, *defaults_of(config_name)}
        meant = next((key for key in of_kind if key.partition(".")[0] in firsts), "KEY")
        return f"{word} stands alone: type {meant}={word}"
    if following and "=" not in following[0] and (word in known or "." in word):
        return f"{word} {following[0]}: an equals sign joins key and value: type {word}={following[0]}"
    of_groups = [f"{group}={word}" for group in defaults_of(config_name) if word in options_of(group)]
    alike = [f"{key}=VALUE" for key in like(word, known)]
    return f"{word} stands alone: type {' or '.join(of_groups or alike) or 'KEY=VALUE'}"


def _check_root(sign: str, key: str, value: str, config_name: str) -> None:
    """Refuse to leave out what every run of the command needs."""
    needed = defaults_of(config_name).get(key) is not None or (key in root_keys(config_name) and key not in groups())
    one_of = f"{key} is one of {', '.join(options_of(key))}" if key in groups() else f"type {key}=VALUE to change it"
    one_of = f"type {key}=none" if "none" in options_of(key) else one_of
    if sign.startswith("~") and needed:
        raise ValueError(f"~{key}: {key} cannot be left out; {one_of}")
    if value == "null" and key in groups() and needed:
        raise ValueError(f"{sign}{key}=null: {key} cannot be left out; {one_of}")


def _check_is_read(override: str, key: str, overrides: Sequence[str], config_name: str) -> None:
    """Refuse an added root key that nothing reads: a run with it would be one with the defaults."""
    if config_name != TRAINING and key in groups() and key not in defaults_of(config_name):
        raise ValueError(f"{override}: this command takes no {key}; type --help behind it for what it takes")
    first = key.partition(".")[0]
    given = {group.partition("/")[0] for group in defaults_of(config_name)} | {"hydra", *root_keys(config_name)}
    typed = {item.lstrip("+").partition("=")[0].partition("@")[2].partition(".")[0] for item in overrides}
    if "/" in key or key in groups() or first in given | typed or any(f"${{{first}" in item for item in overrides):
        return
    meant = like(first, sorted(given))
    value = override.partition("=")[2]
    instead = " or ".join(f"{name}{key.removeprefix(first)}={value}" for name in meant)
    raise ValueError(f"{override}: nothing reads {first}; " + (f"type {instead}" if meant else "leave it out"))


def _check_typed_once(overrides: Sequence[str]) -> None:
    seen = dict[str, str]()
    for override in overrides:
        key = override.lstrip("+~").partition("=")[0]
        # Lightning starts each further process with the command as typed and its own folder behind it.
        if key in seen and not key.startswith("hydra."):
            both = f"; for a run of each, -m {seen[key]},{override.partition('=')[2]}" if "=" in override else ""
            raise ValueError(f"{key} is given twice, as {seen[key]} and {override}: type one of them{both}")
        seen[key] = override
