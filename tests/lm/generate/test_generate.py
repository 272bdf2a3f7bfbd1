"""Generation with a real small model: the cache changes nothing, seeds fix the text, and each way to end is told."""

import math
from pathlib import Path

import pytest
import torch

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import Checkpoint, read_checkpoint
from glassworks.lm.generate.generate import (
    Piece,
    generate,
    next_logits,
    next_token_logits,
    sample_seed,
)
from glassworks.lm.generate.settings import GenerateSettings
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from tests.lm.export.speaker import make_checkpoint, make_tokenizer
from tests.lm.model.choices import KINDS, Choice, make, name_of, pairs
from tests.lm.model.tiny import shaken_model

CONTEXT = 16
GREEDY = GenerateSettings(temperature=0, max_tokens=50)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speaker")
    make_tokenizer(folder / "tokenizer")
    make_checkpoint(folder / "checkpoint", {"context": CONTEXT})
    return folder


@pytest.fixture(scope="module")
def checkpoint(folder: Path) -> Checkpoint:
    return read_checkpoint(folder / "checkpoint")


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Tokenizer:
    return load_tokenizer(folder / "tokenizer")


def ids_of(
    checkpoint: Checkpoint, tokenizer: Tokenizer, prompt: list[int], settings: GenerateSettings
) -> list[int]:
    return [i for piece in generate(checkpoint, tokenizer, prompt, settings) for i in piece.ids]


def greedy_without_cache(
    checkpoint: Checkpoint, tokenizer: Tokenizer, prompt: list[int]
) -> list[int]:
    """The same window rule, read afresh for each token."""
    window = prompt[-CONTEXT:]
    found: list[int] = []
    while len(found) < GREEDY.max_tokens:
        token = int(next_logits(checkpoint.model, window)[: tokenizer.vocab_size].argmax())
        if token == tokenizer.role_id("end"):
            break
        found.append(token)
        window = window[CONTEXT // 2 :] if len(window) == CONTEXT else window
        window = [*window, token]
    return found


@pytest.mark.parametrize("length", [1, 5, CONTEXT - 1, CONTEXT, CONTEXT + 9])
def test_greedy_with_cache_is_greedy_without(
    checkpoint: Checkpoint, tokenizer: Tokenizer, length: int
) -> None:
    prompt = [5 + 7 * i % 200 for i in range(length)]
    assert ids_of(checkpoint, tokenizer, prompt, GREEDY) == greedy_without_cache(
        checkpoint, tokenizer, prompt
    )


@pytest.mark.parametrize("choice", pairs(KINDS), ids=name_of)
def test_whatever_the_parts_writing_goes_on_past_the_context(
    tokenizer: Tokenizer, choice: Choice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Learned places end with the context, so the window is read again at places that the model knows."""
    model = shaken_model(make(choice, vocab_size=tokenizer.vocab_size, context=CONTEXT))
    checkpoint = Checkpoint(model, model.architecture, step=0, tokenizer_id="t")
    monkeypatch.setattr(tokenizer, "roles", {})  # nothing ends the text
    found = ids_of(checkpoint, tokenizer, [5, 12, 19], GREEDY)
    assert len(found) == GREEDY.max_tokens
    assert found == greedy_without_cache(checkpoint, tokenizer, [5, 12, 19])


def text_of(
    checkpoint: Checkpoint, tokenizer: Tokenizer, prompt: str, settings: GenerateSettings
) -> str:
    ids = tokenizer.encode(prompt)
    return "".join(piece.text for piece in generate(checkpoint, tokenizer, ids, settings))


def test_a_seed_fixes_the_text(checkpoint: Checkpoint, tokenizer: Tokenizer) -> None:
    def text(seed: int) -> str:
        settings = GenerateSettings(seed=seed, temperature=1.5, max_tokens=30)
        return text_of(checkpoint, tokenizer, "To be", settings)

    assert text(1) == text(1)
    assert text(1) != text(sample_seed(1, 1))
    assert sample_seed(1, 0) == 1


def test_pieces_are_the_decoded_ids(checkpoint: Checkpoint, tokenizer: Tokenizer) -> None:
    settings = GenerateSettings(seed=4, temperature=2, max_tokens=60)
    pieces = list(generate(checkpoint, tokenizer, tokenizer.encode("To"), settings))
    ids = [i for piece in pieces for i in piece.ids]
    assert "".join(piece.text for piece in pieces) == tokenizer.decode(ids)
    assert [piece.finish_reason for piece in pieces[:-1]] == [None] * (len(pieces) - 1)
    assert pieces[-1].finish_reason in ("length", "end")
    assert len(ids) == 60 or pieces[-1].finish_reason == "end"


def test_a_stop_string_ends_the_sample(checkpoint: Checkpoint, tokenizer: Tokenizer) -> None:
    free = text_of(checkpoint, tokenizer, "To be", GREEDY)
    stop = free[10:13]
    settings = GREEDY.model_copy(update={"stop": (stop,)})
    pieces = list(generate(checkpoint, tokenizer, tokenizer.encode("To be"), settings))
    assert "".join(piece.text for piece in pieces) == free[: free.find(stop)]
    assert pieces[-1].finish_reason == "stop"


def test_cancelling_ends_the_sample(checkpoint: Checkpoint, tokenizer: Tokenizer) -> None:
    answers = iter([False, False, True])
    pieces = list(generate(checkpoint, tokenizer, [9], GREEDY, should_cancel=lambda: next(answers)))
    assert pieces[-1].finish_reason == "cancelled"
    assert sum(len(piece.ids) for piece in pieces) == 3


def test_the_end_token_ends_the_sample_and_is_not_shown(
    checkpoint: Checkpoint, tokenizer: Tokenizer
) -> None:
    end = tokenizer.role_id("end")
    settings = GenerateSettings(temperature=10, max_tokens=2000, seed=3)
    pieces = list(generate(checkpoint, tokenizer, [9], settings))
    assert pieces[-1].finish_reason == "end"
    assert end not in [i for piece in pieces for i in piece.ids]


def test_an_empty_prompt_starts_a_document(checkpoint: Checkpoint, tokenizer: Tokenizer) -> None:
    end = tokenizer.role_id("end")
    assert end is not None
    assert ids_of(checkpoint, tokenizer, [], GREEDY) == ids_of(checkpoint, tokenizer, [end], GREEDY)


def test_an_empty_prompt_needs_an_end_token(checkpoint: Checkpoint, tokenizer: Tokenizer) -> None:
    roles = tokenizer.roles
    tokenizer.roles = {}
    try:
        with pytest.raises(InvalidSpec, match="The prompt is empty"):
            list(generate(checkpoint, tokenizer, [], GREEDY))
    finally:
        tokenizer.roles = roles


def test_generation_leaves_the_global_generator_alone(
    checkpoint: Checkpoint, tokenizer: Tokenizer
) -> None:
    before = torch.get_rng_state()
    text_of(checkpoint, tokenizer, "To be", GenerateSettings(max_tokens=10))
    assert torch.equal(torch.get_rng_state(), before)


# --- what the model thought --------------------------------------------------------------------------------------


def pieces_of(
    checkpoint: Checkpoint, tokenizer: Tokenizer, settings: GenerateSettings, num: int | None
) -> list[Piece]:
    ids = tokenizer.encode("To be")
    return list(generate(checkpoint, tokenizer, ids, settings, num_alternatives=num))


@pytest.mark.parametrize("stop", [(), ("e",), ("be, ",), ("nothing like this",)])
@pytest.mark.parametrize("seed", range(4))
def test_tokens_put_together_are_the_text(
    checkpoint: Checkpoint, tokenizer: Tokenizer, stop: tuple[str, ...], seed: int
) -> None:
    settings = GenerateSettings(seed=seed, temperature=1.4, max_tokens=60, stop=stop)
    told = pieces_of(checkpoint, tokenizer, settings, 3)
    plain = pieces_of(checkpoint, tokenizer, settings, None)
    assert [(p.text, p.ids, p.finish_reason) for p in told] == [
        (p.text, p.ids, p.finish_reason) for p in plain
    ], "being told changes what is written"
    tokens = [token for piece in told for token in piece.tokens]
    assert [token.id for token in tokens] == [i for piece in told for i in piece.ids]
    assert "".join(token.text for token in tokens) == "".join(piece.text for piece in told)
    assert not any(piece.tokens for piece in plain)


def test_a_token_is_told_with_the_models_own_probability(
    checkpoint: Checkpoint, tokenizer: Tokenizer
) -> None:
    settings = GenerateSettings(seed=1, temperature=0.3, top_k=2, max_tokens=5)
    tokens = [t for p in pieces_of(checkpoint, tokenizer, settings, 20) for t in p.tokens]
    window = tokenizer.encode("To be")
    for token in tokens:
        own_V = next_logits(checkpoint.model, window)[: tokenizer.vocab_size].double().softmax(0)
        assert token.probability == pytest.approx(float(own_V[token.id]), rel=1e-4)
        assert token.surprise == pytest.approx(-math.log(token.probability))
        assert [a.id for a in token.alternatives] == own_V.argsort(descending=True)[:20].tolist()
        assert [a.text for a in token.alternatives] == [
            tokenizer.decode([a.id]) for a in token.alternatives
        ]
        window.append(token.id)


def test_branching_at_a_token_goes_on_as_it_went_on(
    checkpoint: Checkpoint, tokenizer: Tokenizer
) -> None:
    prompt = tokenizer.encode("To")
    whole = ids_of(checkpoint, tokenizer, prompt, GREEDY.model_copy(update={"max_tokens": 12}))
    rest = GREEDY.model_copy(update={"max_tokens": 6})
    assert ids_of(checkpoint, tokenizer, prompt + whole[:6], rest) == whole[6:]


@pytest.mark.parametrize("length", [0, 3, CONTEXT + 5])
def test_the_next_logits_are_those_that_a_sample_starts_from(
    checkpoint: Checkpoint, tokenizer: Tokenizer, length: int
) -> None:
    prompt = [5 + 7 * i % 200 for i in range(length)]
    logits_V = next_token_logits(checkpoint, tokenizer, prompt)
    assert logits_V.shape == (tokenizer.vocab_size,)
    first = GREEDY.model_copy(update={"max_tokens": 1})
    assert ids_of(checkpoint, tokenizer, prompt, first) == [int(logits_V.argmax())]


def test_penalties_change_what_is_written(checkpoint: Checkpoint, tokenizer: Tokenizer) -> None:
    prompt = tokenizer.encode("To be")
    plain = ids_of(checkpoint, tokenizer, prompt, GREEDY)
    strict = GREEDY.model_copy(update={"frequency_penalty": 2.0, "presence_penalty": 2.0})
    varied = ids_of(checkpoint, tokenizer, prompt, strict)
    assert len(set(varied)) > len(set(plain))
