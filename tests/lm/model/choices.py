"""All that can be chosen in an architecture, read from the settings themselves, and small sets that try it out.

`FIELDS`: dotted field -> the values to try, of every component there is: a new file or switch is taken up as it is.
`pairs()`: a few choices in which every pair of values of every two fields meets; `make` turns one into an architecture.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from glassworks.lm.model.architecture import REGISTRIES, ArchitectureConfig, parse_architecture
from tests.lm.model.tiny import VOCAB_SIZE

Choice = dict[str, Any]
BASE: Choice = {"vocab_size": VOCAB_SIZE, "context": 12, "width": 8, "layers": 2}
TINY: Choice = {"window": 5, "hidden": 6, "experts": 3, "balance_weight": 0.5, "theta": 50.0}
"""Settings that components may have, small enough that a short text feels them."""
NUMBERS: dict[str, list[Any]] = {
    "logit_cap": [None, 2.0],
    "score_cap": [None, 0.7],
    "kv_heads": [None, 1],
    "active": [2, 1],
}
"""Values to try of fields that are no switch and no list of words."""
PARTS = list(REGISTRIES)


def values_of(name: str, annotation: Any) -> list[Any]:
    """What to try of a field: both ways of a switch, every word of a list; nothing of a free number."""
    if name in NUMBERS:
        return NUMBERS[name]
    if annotation is bool:
        return [False, True]
    words = get_args(annotation) if get_origin(annotation) is Literal else ()
    return list(words) if len(words) > 1 else []


def fields() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {f"{part}.kind": REGISTRIES[part].names() for part in PARTS}
    for name, values in switches(ArchitectureConfig):
        found[name] = values
    for part in PARTS:
        for component in REGISTRIES[part].all().values():
            found |= {f"{part}.{name}": values for name, values in switches(component.Config)}
    return found


def switches(config: type[BaseModel]) -> Iterator[tuple[str, list[Any]]]:
    for name, info in config.model_fields.items():
        annotation = info.annotation
        if get_origin(annotation) in (Union, UnionType):
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        if name != "kind" and (values := values_of(name, annotation)):
            yield name, values


FIELDS = fields()
KINDS = [name for name in FIELDS if name.endswith(".kind")]
SWITCHES = [name for name in FIELDS if "." not in name]
"""What the architecture itself can be told, apart from its parts."""


def make(choice: Choice, **changes: Any) -> ArchitectureConfig:
    """The architecture of a choice; what a chosen component has no setting for is left out."""
    document: Choice = {**BASE, **{name: choice[name] for name in SWITCHES if name in choice}}
    for part in PARTS:
        kind = choice.get(f"{part}.kind", "")
        settings = {
            name.removeprefix(f"{part}."): value
            for name, value in choice.items()
            if name.startswith(f"{part}.")
        }
        known = REGISTRIES[part].load(kind).Config.model_fields if kind else {}
        document[part] = {k: v for k, v in {**TINY, **settings}.items() if k in known}
    return parse_architecture({**document, **changes})


def name_of(choice: Choice) -> str:
    """For a test's id: the kinds, then what is switched on."""
    kinds = [str(value) for name, value in choice.items() if name in KINDS]
    others = [
        f"{name.rpartition('.')[2]}={value}" for name, value in choice.items() if name not in KINDS
    ]
    return "-".join(kinds + others)


def pairs(names: Sequence[str] = tuple(FIELDS), fixed: Choice | None = None) -> list[Choice]:
    """Choices that together hold every pair of values of any two of the fields. The same ones every time.

    Greedy: each new choice takes, field by field, the value that meets most pairs not met yet.
    """
    names = [name for name in names if name not in (fixed or {})]
    missing = {
        ((a, x), (b, y))
        for a, b in combinations(range(len(names)), 2)
        for x, y in product(range(len(FIELDS[names[a]])), range(len(FIELDS[names[b]])))
    }
    found = []
    while missing:
        row = dict(max(missing))  # a pair that still has to be met
        for at in sorted(set(range(len(names))) - set(row), key=lambda i: -len(FIELDS[names[i]])):
            row[at] = max(
                range(len(FIELDS[names[at]])),
                key=lambda value, at=at, row=row: (  # type: ignore[misc]
                    sum(tuple(sorted([(at, value), item])) in missing for item in row.items()),
                    -value,
                ),
            )
        missing -= {tuple(sorted(pair)) for pair in combinations(row.items(), 2)}
        chosen = {names[at]: FIELDS[names[at]][value] for at, value in sorted(row.items())}
        found.append({**(fixed or {}), **chosen})
    return found
