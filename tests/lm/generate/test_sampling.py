"""Sampling against a plain reference written with lists, and its promises."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from torch import Tensor

from glassworks.lm.generate.sampling import (
    History,
    apply_temperature,
    draw,
    keep_min_p,
    keep_top_k,
    keep_top_p,
    next_token,
    penalize,
    probabilities,
    shape_logits,
)
from glassworks.lm.generate.settings import GenerateSettings

untimed = hypothesis_settings(deadline=None)
logit_lists = st.lists(st.integers(-64, 64).map(lambda n: n / 8), min_size=1, max_size=12)
settings_strategy = st.builds(
    GenerateSettings,
    temperature=st.sampled_from([0.25, 0.5, 1.0, 2.0]),
    top_k=st.integers(0, 14),
    top_p=st.sampled_from([0.05, 0.3, 0.625, 0.9, 1.0]),
    min_p=st.sampled_from([0.0, 0.03, 0.3, 1.0]),
)


def vector(values: list[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def softmax(logits: list[float]) -> list[float]:
    highest = max(logits)
    raised = [math.exp(z - highest) for z in logits]
    return [x / sum(raised) for x in raised]


def reference(logits: list[float], settings: GenerateSettings) -> list[float]:
    """The definition, token by token: rank, keep k, keep the nucleus, keep what is likely enough, share out again."""
    scaled = [z / settings.temperature for z in logits]
    ranked = sorted(range(len(scaled)), key=lambda i: (-scaled[i], i))
    kept = ranked[: settings.top_k] if settings.top_k else ranked
    shares = dict(zip(kept, softmax([scaled[i] for i in kept]), strict=True))
    if settings.top_p < 1:
        nucleus: list[int] = []
        total = 0.0
        for i in kept:
            if nucleus and total >= settings.top_p - 1e-12:
                break
            nucleus.append(i)
            total += shares[i]
        kept = nucleus
    if settings.min_p > 0:
        highest = scaled[kept[0]]
        kept = [i for i in kept if scaled[i] >= highest + math.log(settings.min_p)]
    final = dict(zip(kept, softmax([scaled[i] for i in kept]), strict=True))
    return [final.get(i, 0.0) for i in range(len(logits))]


@untimed
@given(logit_lists, settings_strategy)
def test_probabilities_are_those_of_the_definition(
    logits: list[float], settings: GenerateSettings
) -> None:
    found = probabilities(vector(logits), settings)
    expected = vector(reference(logits, settings))
    is_on_the_border = torch.any((found > 0) != (expected > 0))
    if (
        is_on_the_border
    ):  # a cumulative sum that reaches p exactly may fall on either side by rounding
        assert settings.top_p < 1
    else:
        torch.testing.assert_close(found, expected)
    assert float(found.sum()) == pytest.approx(1)


@untimed
@given(logit_lists)
def test_a_step_that_is_off_changes_nothing(logits: list[float]) -> None:
    z = vector(logits)
    for unchanged in (
        apply_temperature(z, 1.0),
        keep_top_k(z, 0),
        keep_top_k(z, 99),
        keep_top_p(z, 1.0),
        keep_min_p(z, 0.0),
    ):
        assert torch.equal(unchanged, z)


@untimed
@given(logit_lists, settings_strategy, st.integers(0, 2**31 - 1))
def test_only_what_is_kept_is_drawn(
    logits: list[float], settings: GenerateSettings, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    token = next_token(vector(logits), settings, generator)
    assert probabilities(vector(logits), settings)[token] > 0


def test_draws_follow_the_probabilities() -> None:
    wanted = vector([0.5, 0.0, 0.3, 0.2])
    generator = torch.Generator().manual_seed(7)
    counts = torch.bincount(torch.tensor([draw(wanted, generator) for _ in range(4000)]))
    torch.testing.assert_close(counts.double() / 4000, wanted, atol=0.03, rtol=0)


@pytest.mark.parametrize("temperature", [0.0, 0.01])
def test_cold_is_greedy(temperature: float) -> None:
    logits_V = vector([0.1, 2.0, -1.0, 1.5])
    settings = GenerateSettings(temperature=temperature)
    generator = torch.Generator().manual_seed(1)
    assert {next_token(logits_V, settings, generator) for _ in range(20)} == {1}
    assert torch.isinf(shape_logits(logits_V, GenerateSettings(temperature=0))).sum() == 3


def test_a_seed_fixes_the_draws_and_the_global_generator_is_left_alone() -> None:
    logits_V, settings = torch.zeros(50), GenerateSettings(temperature=1)
    before = torch.get_rng_state()
    draws = [
        [next_token(logits_V, settings, generator) for _ in range(10)]
        for generator in (torch.Generator().manual_seed(3), torch.Generator().manual_seed(3))
    ]
    assert draws[0] == draws[1]
    assert torch.equal(torch.get_rng_state(), before)


# --- penalties ---------------------------------------------------------------------------------------------------

penalties_strategy = st.builds(
    GenerateSettings,
    repetition_penalty=st.sampled_from([0.5, 1.0, 1.25, 3.0]),
    frequency_penalty=st.sampled_from([-1.0, 0.0, 0.5, 2.0]),
    presence_penalty=st.sampled_from([-2.0, 0.0, 0.25]),
)
token_lists = st.lists(st.integers(0, 11), max_size=20)


def penalized(
    logits: list[float], settings: GenerateSettings, prompt: list[int], written: list[int]
) -> list[float]:
    """The definitions, token by token."""
    found = []
    for i, z in enumerate(logits):
        rate = settings.repetition_penalty if i in [*prompt, *written] else 1
        kept = z / rate if z > 0 else z * rate
        count = written.count(i)
        lost = count * settings.frequency_penalty + (count > 0) * settings.presence_penalty
        found.append(kept - lost)
    return found


@untimed
@given(logit_lists, penalties_strategy, token_lists, token_lists)
def test_penalties_are_those_of_the_definition(
    logits: list[float], settings: GenerateSettings, prompt: list[int], written: list[int]
) -> None:
    num = len(logits)
    prompt, written = [i % num for i in prompt], [i % num for i in written]
    found = penalize(vector(logits), settings, History.of(prompt, written))
    torch.testing.assert_close(found, vector(penalized(logits, settings, prompt, written)))


@untimed
@given(logit_lists, settings_strategy, token_lists)
def test_penalties_that_are_off_change_no_bit(
    logits: list[float], settings: GenerateSettings, tokens: list[int]
) -> None:
    history = History.of([i % len(logits) for i in tokens], [i % len(logits) for i in tokens])
    assert not settings.has_penalties
    assert torch.equal(penalize(vector(logits), settings, history), vector(logits))
    assert torch.equal(
        shape_logits(vector(logits), settings, history), shape_logits(vector(logits), settings)
    )


def test_repetition_is_that_of_transformers() -> None:
    from transformers import RepetitionPenaltyLogitsProcessor

    logits_V = torch.tensor([1.5, -0.75, 0.0, 3.0, -2.0])
    theirs = RepetitionPenaltyLogitsProcessor(1.3)(torch.tensor([[0, 1, 1, 4]]), logits_V[None])
    ours = penalize(logits_V, GenerateSettings(repetition_penalty=1.3), History.of([0, 1], [1, 4]))
    torch.testing.assert_close(ours.float(), theirs[0])


def test_a_greedy_token_is_chosen_after_penalties() -> None:
    settings = GenerateSettings(temperature=0, presence_penalty=2)
    generator = torch.Generator()
    logits_V = vector([1.0, 2.0, 0.0])
    assert next_token(logits_V, settings, generator, History.of([1])) == 1
    assert next_token(logits_V, settings, generator, History.of([], [1])) == 0
