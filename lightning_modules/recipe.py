"""What a checkpoint knows of how it was made: plain values only, so that nothing in the file is executed on reading."""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Self, TypeAlias

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"
PlainDict: TypeAlias = dict[str, Plain]

FORMAT = 2
# Keys that say where things lie on the machine of the training, not what is done.
PLACES = frozenset({"output_dir", "cache_dir", "feature_dir", "weights_dir", "data_dir", "weights", "resume", "root"})
THRESHOLD = "distance_threshold"
# A value of the configuration that refers to another one, as ${lambda}; all else in ${...} would call a function.
REFERENCE = re.compile(r"\$\{[\w.\[\]-]+\}")


@dataclass
class Recipe:
    """What a checkpoint knows.

    Attributes:
        resize: From a crop to the square that the network takes.
        preprocessing: From squares to the network's input.
        backbone: From the network's input to an embedding.
        metric: How embeddings are compared.
        clustering: From embeddings to clusters, with the fitted threshold.
        aggregation: From boxes and clusters to congregations.
        configuration: The run's configuration, in which values may refer to each other as ``${lambda}``; None where it
            is not known, as in a checkpoint of an earlier format.
        choices: The option chosen in each group of the configuration.
        overrides: What was typed, by key, for people to read; keys keep their ``+`` and ``~``.
    """

    resize: PlainDict
    preprocessing: PlainDict
    backbone: PlainDict
    metric: PlainDict
    clustering: PlainDict
    aggregation: PlainDict
    configuration: PlainDict | None = None
    choices: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)

    @property
    def distance_threshold(self) -> float | None:
        """The clustering's threshold; None where it has none, or none that is fitted yet."""
        threshold = self.clustering.get(THRESHOLD)
        return float(threshold) if isinstance(threshold, int | float) else None

    def set_distance_threshold(self, threshold: float) -> None:
        """Keep the threshold that the clustering was fitted with."""
        self.clustering[THRESHOLD] = float(threshold)

    @property
    def typed(self) -> list[str]:
        """The overrides as they are typed."""
        return [key if key.startswith("~") else f"{key}={value}" for key, value in self.overrides.items()]

    def without_places(self) -> Self:
        """Return the recipe for another machine: nothing in it says where files lay on the machine of the training."""
        kept = self.configuration
        return replace(
            self,
            backbone=emptied(self.backbone, {"weights", "weights_dir"}),
            configuration=None if kept is None else _without_places(kept),
            overrides={key: value for key, value in self.overrides.items() if last_key(key) not in PLACES},
        )

    def to_plain(self) -> PlainDict:
        """Return the recipe as it is kept in a checkpoint."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_plain(cls, plain: object, source: str) -> Self:
        """Return the recipe of a checkpoint that may come from anyone.

        Args:
            plain: What :meth:`to_plain` returned.
            source: The file, for messages.

        Raises:
            ValueError: If something is missing, of a wrong type, or calls a function of the configuration; the message
                names file and key.
        """
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            found = plain.get("format") if isinstance(plain, dict) else type(plain).__name__
            raise ValueError(f"{source}: recipe.format must be {FORMAT}, got {found!r}; update the project to read it")
        check_plain(plain, f"{source}: recipe")
        for name in (*PARTS, "choices", "overrides"):
            if not isinstance(plain.get(name), dict):
                raise ValueError(f"{source}: recipe.{name} must be a mapping, got {plain.get(name)!r:.80}")
        threshold = plain["clustering"].get(THRESHOLD)
        if not isinstance(threshold, int | float | None):
            raise ValueError(f"{source}: recipe.clustering.{THRESHOLD} must be a number or null, got {threshold!r:.80}")
        if not isinstance(plain.get("configuration"), dict | None):
            raise ValueError(f"{source}: recipe.configuration must be a mapping or null")
        return cls(**{item.name: plain[item.name] for item in fields(cls)})


PARTS = ("resize", "preprocessing", "backbone", "metric", "clustering", "aggregation")


def check_plain(value: object, where: str) -> None:
    """Check that a value holds plain values alone, and no text that calls a function of the configuration.

    Raises:
        ValueError: Naming the key at fault.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str:
                raise ValueError(f"{where} has the key {key!r:.80}, which is not a string")
            check_plain(item, f"{where}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            check_plain(item, f"{where}[{number}]")
    elif type(value) is str:
        if calls_function(value):
            raise ValueError(
                f"{where} is {value!r:.80}: a checkpoint may refer to keys as ${{lambda}} and to nothing else"
            )
    elif value is not None and type(value) not in (bool, int, float):
        raise ValueError(f"{where} must be a plain value, got {type(value).__name__}")


def calls_function(value: str) -> bool:
    """Return whether a text of a configuration is more than plain text and references to other keys."""
    return "${" in REFERENCE.sub("", value)


def split_override(override: str) -> tuple[str, str]:
    """Return key and value of an override; the key as it was typed, with its ``+`` or ``~``."""
    key, _, value = override.partition("=")
    return key, value


def last_key(key: str) -> str:
    """Return the last name of a dotted key, without a ``+`` or ``~`` before it."""
    return key.rpartition(".")[2].lstrip("+~")


def emptied(part: Mapping[str, Plain], names: Collection[str]) -> PlainDict:
    """Return a part with null for some of its options, in the parts that it is made of too."""
    return {
        key: None if key in names else emptied(value, names) if isinstance(value, dict) else value
        for key, value in part.items()
    }


def _without_places(values: Mapping[str, Plain]) -> PlainDict:
    """Return values with ``???``, which is to be given anew, for places; references to other keys stay."""
    kept: PlainDict = {}
    for key, value in values.items():
        place = key in PLACES and isinstance(value, str) and "${" not in value
        kept[key] = _without_places(value) if isinstance(value, dict) else "???" if place else value
    return kept
