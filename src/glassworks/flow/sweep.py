"""From a recipe with varied settings to one flow: what all variants share once, the rest once for each.

In: a recipe whose `sweep` says what is varied, and the catalogue's stages. Out: `Expanded`, a recipe without a sweep whose
nodes are those of all variants, and the plan by which they are judged. Pure: draws come from the sweep's seed, the variant's
place and the field alone. Unusual: with successive halving a variant's training stands in the recipe once for each rung, with
more steps each time; which of these nodes run is decided while the sweep runs, not here.
"""

import itertools
import math
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import yaml

from glassworks.common.errors import InvalidSpec
from glassworks.common.hashing import hash_json
from glassworks.flow.graph import Stages, check_flow, main_output, source_of
from glassworks.flow.recipe import apply_settings
from glassworks.specs.flow import NodeSpec, RecipeSpec, RungPlan, VariantPlan
from glassworks.specs.sweep import MAX_VARIANTS, AxisSpec, HalvingSpec, RangeSpec, SweepSpec

Settings = dict[str, Any]
SEED = "seed"
STEPS = "steps"
DIGITS = 3
"""Drawn and spread numbers are rounded to so many significant digits: what is shown is what is run."""


@dataclass(frozen=True)
class Expanded:
    """`order`: node names so that each rung stands before the next. `goes_on_from`: training node -> the one in the rung before."""

    recipe: RecipeSpec
    fields: tuple[str, ...]
    variants: tuple[VariantPlan, ...]
    rungs: tuple[RungPlan, ...]
    order: tuple[str, ...]
    goes_on_from: dict[str, str]


def expand(recipe: RecipeSpec, stages: Stages) -> Expanded:
    """Every variant's nodes in one recipe, the shared ones once. Raises InvalidSpec where that cannot be."""
    sweep = _sweep_of(recipe)
    base = recipe.model_copy(update={"sweep": None})
    order = check_flow(base, stages)
    training = training_node(base, order, stages)
    chosen = choose_variants(recipe)
    settled = [settled_recipe(recipe, settings) for settings in chosen]
    if sweep.halving is not None and any(f"{training}.{STEPS}" in one for one in chosen):
        raise InvalidSpec(
            "sweep-varies-steps",
            "Successive halving sets the number of steps itself, so it cannot be varied.",
            f"Leave {training}.{STEPS} out of what is varied, or try every variant in full.",
            f"{training}.{STEPS}",
        )
    rungs = _rungs(sweep.halving, len(_groups(chosen)), _steps(settled[0], training))
    return _Builder(base, settled, chosen, rungs, training, order).build()


def choose_variants(recipe: RecipeSpec) -> list[Settings]:
    """The settings of each variant, full field -> value, in their order: all combinations, or so many draws.

    Seeds are always crossed with the rest: each choice is repeated with every one of them.
    """
    sweep = _sweep_of(recipe)
    axes = {full_field(recipe, axis.field): axis for axis in sweep.over}
    if len(axes) < len(sweep.over):
        raise InvalidSpec(
            "sweep-varies-twice", "A setting is varied twice.", "Write all its values in one list."
        )
    seeds = {field: axis for field, axis in axes.items() if is_seed(field)}
    others = {field: axis for field, axis in axes.items() if field not in seeds}
    choices = _grid(others) if sweep.num is None or not others else _draws(others, sweep)
    found = [{**choice, **seed} for choice in choices for seed in _grid(seeds)]
    if len(found) > MAX_VARIANTS:
        raise InvalidSpec(
            "sweep-too-large",
            f"These settings have {len(found):,} combinations; at most {MAX_VARIANTS} are run.",
            "Vary less, or draw some of them (`--random 16`).",
        )
    return found


def settled_recipe(recipe: RecipeSpec, settings: Settings) -> RecipeSpec:
    """The recipe of one variant: its settings, and the fields that go along with them. Nothing is varied in it any more."""
    sweep = _sweep_of(recipe)
    along: Settings = {}
    for axis in sweep.over:
        value = settings[full_field(recipe, axis.field)]
        for field, values in axis.along.items():
            along[field] = values[axis.values.index(value)]
    both = {**settings, **along}
    base = recipe.model_copy(update={"sweep": None})
    return apply_settings(base, [f"{field}={_text(value)}" for field, value in both.items()])


def full_field(recipe: RecipeSpec, field: str) -> str:
    """`node.field` of a named setting; any other field as it stands."""
    setting = recipe.settings.get(field)
    return setting.field if setting else field


def is_seed(field: str) -> bool:
    """Whether a field only starts a random stream, so that variants that differ in it are repeats."""
    return field.rpartition(".")[2] == SEED


def training_node(recipe: RecipeSpec, order: list[str], stages: Stages) -> str:
    """The node whose evaluations judge a variant: the one that trains; of several the one that makes the output."""
    trains = [name for name in order if stages[recipe.nodes[name].stage].can_continue]
    if not trains:
        raise InvalidSpec(
            "sweep-needs-training",
            f"The recipe {recipe.name!r} trains nothing, so its variants cannot be judged.",
            "Sweep over a recipe with a stage that trains.",
        )
    main, _ = main_output(recipe)
    return main if main in trains else trains[-1]


def parse_axis(text: str) -> AxisSpec:
    """`field=1,2,3`, or a range: `field=1e-4..1e-2` (`:log`, `:5` values). A list in brackets may hold anything."""
    field, is_given, value = text.partition("=")
    field, value = field.strip(), value.strip()
    if not is_given or not field or not value:
        raise InvalidSpec(
            "bad-axis",
            f"{text!r} varies nothing.",
            "Write it as node.field=1,2,3 or node.field=1e-4..1e-2:log.",
        )
    if ".." in value:
        return AxisSpec(field=field, range=_parse_range(text, value))
    return AxisSpec(field=field, values=tuple(_scalar(part) for part in value.split(",") if part))


def _parse_range(text: str, value: str) -> RangeSpec:
    ends, *words = value.split(":")
    low, _, high = (_scalar(part) for part in ends.partition(".."))
    fields: dict[str, Any] = {
        "low": low,
        "high": high,
        "is_integer": isinstance(low, int) and isinstance(high, int),
    }
    for word in words:
        fields |= {"num": int(word)} if word.isdecimal() else {"scale": word}
    try:
        return RangeSpec.model_validate(fields)
    except ValueError as error:
        raise InvalidSpec(
            "bad-axis",
            f"{text!r} is no range.",
            "Write it as low..high, then :log or :linear, then :5 for how many, e.g. 1e-4..1e-2:log:5.",
            text,
        ) from error


def _scalar(text: str) -> Any:
    for read in (int, float):
        try:
            return read(text.strip())
        except ValueError:
            continue
    words = {"true": True, "false": False, "null": None}
    return words.get(text.strip().lower(), text.strip())


def _sweep_of(recipe: RecipeSpec) -> SweepSpec:
    if recipe.sweep is None:
        raise InvalidSpec(
            "no-sweep",
            f"Nothing is varied in {recipe.name!r}.",
            "Say what: `--over node.field=1,2,3`.",
        )
    return recipe.sweep


# --- choosing --------------------------------------------------------------------------------------------------------


def _grid(axes: dict[str, AxisSpec]) -> list[Settings]:
    """Every combination, the last axis changing fastest."""
    values = [[(field, value) for value in grid_values(axis)] for field, axis in axes.items()]
    return [dict(choice) for choice in itertools.product(*values)]


def grid_values(axis: AxisSpec) -> tuple[Any, ...]:
    """The listed values, or those of a range, evenly spread."""
    if axis.range is None:
        return axis.values
    span = axis.range
    parts = [number / (span.num - 1) for number in range(span.num)]
    return tuple(dict.fromkeys(_between(span, part) for part in parts))


def _draws(axes: dict[str, AxisSpec], sweep: SweepSpec) -> list[Settings]:
    """`num` different draws; fewer where there are not so many different ones."""
    found: dict[str, Settings] = {}
    for attempt in range(20 * (sweep.num or 1)):
        drawn = {
            field: _draw(axis, random.Random(f"{sweep.seed} {attempt} {field}"))
            for field, axis in axes.items()
        }
        found.setdefault(hash_json(drawn), drawn)
        if len(found) == sweep.num:
            break
    return list(found.values())


def _draw(axis: AxisSpec, source: random.Random) -> Any:
    if axis.range is None:
        return axis.values[int(source.random() * len(axis.values))]
    return _between(axis.range, source.random())


def _between(span: RangeSpec, part: float) -> float | int:
    """The number that lies at `part` (0 to 1) of a range."""
    if span.scale == "log":
        value = math.exp(math.log(span.low) + part * (math.log(span.high) - math.log(span.low)))
    else:
        value = span.low + part * (span.high - span.low)
    if span.is_integer:
        return round(value)
    return min(max(float(f"{value:.{DIGITS}g}"), span.low), span.high)


def _text(value: Any) -> str:
    """A value so that YAML reads it as what it is."""
    return yaml.safe_dump(value, default_flow_style=True, width=10**6).removesuffix("...\n").strip()


def _groups(chosen: list[Settings]) -> dict[str, int]:
    """Settings without seeds, as a hash -> number of the group, from 1."""
    found: dict[str, int] = {}
    for settings in chosen:
        found.setdefault(_group_key(settings), len(found) + 1)
    return found


def _group_key(settings: Settings) -> str:
    return hash_json({field: value for field, value in settings.items() if not is_seed(field)})


def _steps(recipe: RecipeSpec, training: str) -> int | None:
    steps = recipe.nodes[training].config.get(STEPS)
    return steps if isinstance(steps, int) else None


def _rungs(halving: HalvingSpec | None, num_groups: int, steps: int | None) -> tuple[RungPlan, ...]:
    if halving is None:
        return (RungPlan(steps=steps, num_kept=1),)
    if steps is None or num_groups < halving.eta:
        raise InvalidSpec(
            "nothing-to-halve",
            f"{num_groups} variants of {steps or 'unknown'} steps cannot be halved by {halving.eta}.",
            "Vary more settings, or set the training's steps in the recipe.",
        )
    most = int(math.log(num_groups, halving.eta) + 1e-9) + 1
    num_rungs = min(halving.num_rungs or most, most)
    found = []
    for rung in range(num_rungs):
        kept = max(1, math.ceil(num_groups / halving.eta ** (rung + 1) - 1e-9))
        is_last = rung == num_rungs - 1
        share = max(1, round(steps / halving.eta ** (num_rungs - 1 - rung)))
        found.append(RungPlan(steps=share, num_kept=1 if is_last else kept))
    return tuple(found)


# --- building --------------------------------------------------------------------------------------------------------


class _Builder:
    """Puts the nodes of all variants together; a node is what it does and what it reads, whatever it is called."""

    def __init__(
        self,
        base: RecipeSpec,
        settled: list[RecipeSpec],
        chosen: list[Settings],
        rungs: tuple[RungPlan, ...],
        training: str,
        order: list[str],
    ) -> None:
        self.base, self.settled, self.chosen = base, settled, chosen
        self.rungs, self.training, self.order = rungs, training, order
        self.identities = [self._identify(recipe) for recipe in settled]
        users: dict[str, int] = defaultdict(int)
        for identities in self.identities:
            for identity in identities.values():
                users[identity] += 1
        self.users = users
        self.names: dict[str, str] = {}
        self.nodes: dict[str, NodeSpec] = {}
        self.places: dict[str, tuple[int, int, int]] = {}
        self.goes_on_from: dict[str, str] = {}

    def build(self) -> Expanded:
        numbers = _groups(self.chosen)
        variants = []
        for index, (recipe, settings) in enumerate(zip(self.settled, self.chosen, strict=True)):
            group = numbers[_group_key(settings)]
            variants.append(self._variant(index, recipe, settings, group))
        recipe = self.base.model_copy(
            update={"nodes": self.nodes, "output": variants[0].output, "settings": {}}
        )
        return Expanded(
            recipe=recipe,
            fields=tuple(self.chosen[0]),
            variants=tuple(variants),
            rungs=self.rungs,
            order=tuple(sorted(self.places, key=lambda name: self.places[name])),
            goes_on_from=self.goes_on_from,
        )

    def _identify(self, recipe: RecipeSpec) -> dict[str, str]:
        """Node -> hash over what it does and where its inputs come from."""
        found: dict[str, str] = {}
        for name in self.order:
            node = recipe.nodes[name]
            inputs: dict[str, Any] = {}
            for port, value in node.inputs.items():
                source = source_of(recipe, value)
                made = source.node_output
                inputs[port] = [found[made[0]], made[1]] if made else _plain(value)
            found[name] = hash_json([node.stage, node.config, inputs])
        return found

    def _variant(
        self, index: int, recipe: RecipeSpec, settings: Settings, group: int
    ) -> VariantPlan:
        used: dict[str, str] = {}
        for place, name in enumerate(self.order):
            identity = self.identities[index][name]
            is_known = identity in self.names
            used[name] = self.names.setdefault(identity, self._name(name, identity, index))
            if not is_known:
                self.nodes[used[name]] = self._node(recipe, recipe.nodes[name], used)
                self.places[used[name]] = (self._rung(name), self._owner(identity, index), place)
                if name == self.training:
                    self._add_rungs(index, used[name], place)
        trainings = self._trainings(used[self.training])
        main, output = main_output(recipe)
        return VariantPlan(
            number=index + 1,
            settings=settings,
            group=group,
            nodes=tuple(dict.fromkeys((*used.values(), *trainings))),
            trainings=trainings,
            output=f"{used[main]}.{output}",
        )

    def _name(self, name: str, identity: str, index: int) -> str:
        is_shared = self.users[identity] == len(self.settled) and len(self.settled) > 1
        is_rung = name == self.training and len(self.rungs) > 1
        own = name if is_shared else f"{name}-{index + 1}"
        return f"{own}-rung-{len(self.rungs)}" if is_rung else own

    def _owner(self, identity: str, index: int) -> int:
        return 0 if self.users[identity] == len(self.settled) else index + 1

    def _node(self, recipe: RecipeSpec, node: NodeSpec, used: dict[str, str]) -> NodeSpec:
        inputs = {}
        for port, value in node.inputs.items():
            made = source_of(recipe, value).node_output
            inputs[port] = f"{used[made[0]]}.{made[1]}" if made else value
        return node.model_copy(update={"inputs": inputs})

    def _rung(self, name: str) -> int:
        """What needs the trained model comes in the last rung, everything else in the first."""
        last = len(self.rungs)
        return last if name == self.training or self._needs_training(name) else 1

    def _needs_training(self, name: str) -> bool:
        sources = (
            source_of(self.base, v).node_output for v in self.base.nodes[name].inputs.values()
        )
        above = [made[0] for made in sources if made]
        return self.training in above or any(map(self._needs_training, above))

    def _add_rungs(self, index: int, last: str, place: int) -> None:
        """The same training with fewer steps, once for each rung before the last."""
        names = self._trainings(last)
        for rung, name in enumerate(names[:-1], start=1):
            config = {**self.nodes[last].config, STEPS: self.rungs[rung - 1].steps}
            self.nodes[name] = self.nodes[last].model_copy(update={"config": config})
            self.places[name] = (rung, index + 1, place)
        self.goes_on_from |= dict(itertools.pairwise(reversed(names)))

    def _trainings(self, last: str) -> tuple[str, ...]:
        num = len(self.rungs)
        if num == 1:
            return (last,)
        stem = last.removesuffix(f"-rung-{num}")
        return tuple(f"{stem}-rung-{rung}" for rung in range(1, num + 1))


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else value.inline
