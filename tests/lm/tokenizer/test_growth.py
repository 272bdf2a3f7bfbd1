"""How a vocabulary grows is told while it is learned, or counted afterwards, and both say the same."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassworks.lm.tokenizer.bpe import merge_word, ranks_of
from glassworks.lm.tokenizer.growth import MAX_TOLD, NUM_NEWEST, Growth, count_made, due_at, replay
from glassworks.lm.tokenizer.layout import merges_of
from glassworks.lm.tokenizer.trainers import _byte_merges
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from tests.lm.tokenizer.plays import plays
from tests.lm.tokenizer.test_bpe import FEW_LETTERS

TEXTS = [plays()[0][:20_000], "aaaa aaa größer 🧵", plays()[1][:10_000]]


def learn(implementation: str, texts: list[str], **settings: object) -> list[Growth]:
    config = ByteBPE.Config.model_validate(
        {"vocab_size": 500, "implementation": implementation, **settings}
    )
    told: list[Growth] = []
    ByteBPE.train(config, iter(texts), on_growth=told.append)
    return told


def test_a_replay_says_what_was_told_while_learning() -> None:
    live, replayed = learn("readable", TEXTS), learn("fast", TEXTS)
    assert [g.num_merges for g in live] == sorted(due_at(243))
    assert [(g.num_merges, g.newest, g.bytes_per_token, g.counted_bytes) for g in live] == [
        (g.num_merges, g.newest, g.bytes_per_token, g.counted_bytes) for g in replayed
    ]
    assert {g.is_replayed for g in live} == {False}
    assert {g.is_replayed for g in replayed} == {True}


@settings(max_examples=200, deadline=None)
@given(FEW_LETTERS, st.dictionaries(st.text("aabĠ", min_size=1, max_size=30), st.integers(1, 5)))
def test_tokens_are_made_as_often_as_the_steps_of_merging_say(
    text: str, words: dict[str, int]
) -> None:
    config = ByteBPE.Config(vocab_size=300, fit="text", implementation="readable")
    merges = merges_of(ByteBPE.train(config, iter([text * 50])).inner)
    by_steps: Counter[str] = Counter()
    for word, count in words.items():
        for step in merge_word(list(word), ranks_of(merges))[1]:
            by_steps["".join(step.pair)] += count
    made = count_made(merges, words)
    assert {left + right: made[left + right] for left, right in merges} == {
        left + right: by_steps[left + right] for left, right in merges
    }


@pytest.mark.parametrize("total", [1, 2, 5, 39, 40, 41, 1_791, 50_000, 999_743])
def test_growth_is_told_often_at_first_and_not_too_often(total: int) -> None:
    due = sorted(due_at(total))
    assert (due[0], due[-1]) == (1, total)
    assert len(due) < MAX_TOLD
    assert all(after <= 1.5 * before + 1 for before, after in pairwise(due)), "equal ratios"


def test_the_last_merge_is_told_where_the_text_has_fewer() -> None:
    told = learn("readable", ["ab ab ab cd"], vocab_size=300, min_frequency=3, fit="text") or []
    assert told == [], "100 bytes for each merge"
    text = "ab " * 200
    told = learn("readable", [text], vocab_size=300, fit="text")
    assert told[-1].num_merges == 2 < told[-1].total
    assert [merge.left + merge.right for g in told for merge in g.newest] == ["ab", "Ġab"]


def test_few_merges_are_told_at_a_time() -> None:
    told = learn("auto", TEXTS)
    assert max(len(g.newest) for g in told) == NUM_NEWEST
    for growth in told:
        assert growth.newest[-1].rank == growth.num_merges - 1


def test_of_a_long_text_the_beginning_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_byte_merges, "REPLAYED_BYTES", 5_000)
    last = learn("fast", TEXTS)[-1]
    assert last.counted_bytes == 5_000
    assert last.num_merges == last.total == 243


def test_much_text_is_for_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not learn("auto", TEXTS)[-1].is_replayed
    auto = ByteBPE.Config(vocab_size=500)
    here = ByteBPE.train(auto, iter(TEXTS)).inner.to_str()
    monkeypatch.setattr(_byte_merges, "READABLE_BYTES", 3_000)
    assert learn("auto", TEXTS)[-1].is_replayed
    assert ByteBPE.train(auto, iter(TEXTS)).inner.to_str() == here, "no text is lost or read twice"


def test_nothing_learned_is_nothing_told() -> None:
    told: list[Growth] = []
    replay([], ["abc"], told.append)
    assert told == []
