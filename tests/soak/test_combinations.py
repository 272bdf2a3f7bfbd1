"""Every combination of components and of the architecture's own switches keeps every promise.

The components' switches are taken through in pairs within each combination: all of them with all would be a million models.
"""

from itertools import product

import pytest

from glassworks.lm.model.architecture import REGISTRIES
from tests.lm.model.choices import FIELDS, KINDS, SWITCHES, make, name_of, pairs
from tests.lm.model.promises import CHECKS
from tests.soak.conftest import write_result

pytestmark = pytest.mark.soak
OF_PARTS = [name for name in FIELDS if name not in (*KINDS, *SWITCHES)]
COMBINATIONS = [
    dict(zip(KINDS, kinds, strict=True)) for kinds in product(*(FIELDS[name] for name in KINDS))
]


def combinations_of(kinds: dict[str, str]) -> list[dict[str, object]]:
    """All that can be switched in an architecture of these kinds, its components' switches in pairs."""
    of_model = [
        dict(zip(SWITCHES, values, strict=True))
        for values in product(*(FIELDS[name] for name in SWITCHES))
    ]
    of_parts = pairs([name for name in OF_PARTS if is_of(name, kinds)])
    return [{**kinds, **model, **parts} for model in of_model for parts in of_parts or [{}]]


def is_of(name: str, kinds: dict[str, str]) -> bool:
    """Whether a component that is chosen has this setting."""
    part, _, field = name.partition(".")
    config = REGISTRIES[part].load(kinds[f"{part}.kind"]).Config
    return field in config.model_fields


@pytest.mark.parametrize("kinds", COMBINATIONS, ids=name_of)
def test_every_combination_keeps_its_promises(kinds: dict[str, str], seed: int) -> None:
    choices = combinations_of(kinds)
    broken = []
    for choice in choices:
        for check in CHECKS:
            try:
                check(make(choice))
            except AssertionError as error:
                broken.append(f"{check.__name__}: {name_of(choice)}: {error}"[:500])
    write_result(f"combination-{name_of(kinds)}", seed, num_choices=len(choices), broken=broken)
    assert broken == []
