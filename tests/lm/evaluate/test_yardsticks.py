"""Yardsticks against the formula written out with dictionaries, one n-gram at a time."""

import math
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from glassworks.common.errors import BadData
from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.yardsticks import YARDSTICKS
from glassworks.lm.evaluate.yardsticks.ngram import NGram, NGramModel, best_order, discount_of
from glassworks.lm.evaluate.yardsticks.uniform import Uniform
from tests.lm.evaluate.models import write_tokens

VOCAB = 6
Gram = tuple[int, ...]


def random_stream(seed: int, num: int) -> list[int]:
    """Ids with some structure: each depends on the one before."""
    random = np.random.default_rng(seed)
    stream = [1]
    for _ in range(num - 1):
        stream.append(int((stream[-1] * 2 + random.choice([0, 0, 0, 1, 3])) % (VOCAB - 1)))
    return stream


class Reference:
    """Interpolated Kneser-Ney with dictionaries."""

    def __init__(self, tokens: list[int], order: int) -> None:
        self.counts: list[Counter[Gram]] = []
        for k in range(1, order + 1):
            grams = [tuple(tokens[i : i + k]) for i in range(len(tokens) - k + 1)]
            longer = {tuple(tokens[i : i + k + 1]) for i in range(len(tokens) - k)}
            is_top = k == order
            self.counts.append(Counter(grams if is_top else [gram[1:] for gram in longer]))

    def probability(self, context: Gram, token: int) -> float:
        if len(context) >= len(self.counts):
            context = context[len(context) - len(self.counts) + 1 :]
        return self._level(context, token)

    def _level(self, context: Gram, token: int) -> float:
        counts = self.counts[len(context)]
        lower = self._level(context[1:], token) if context else 1 / VOCAB
        followers = {gram[-1]: n for gram, n in counts.items() if gram[:-1] == context}
        total = sum(followers.values())
        if not total:
            return lower
        number_of = Counter(counts.values())
        n1, n2 = number_of[1], number_of[2]
        discount = n1 / (n1 + 2 * n2) if n1 and n2 else 0.5
        direct = max(followers.get(token, 0) - discount, 0) / total
        return direct + discount * len(followers) / total * lower


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_ngram_equals_the_written_out_formula(order: int) -> None:
    train, stream = random_stream(1, 300), random_stream(2, 60)
    found = NGramModel(np.array(train), VOCAB, 5).probabilities(np.array(stream))[order]
    reference = Reference(train, order)
    for position in range(order - 1, len(stream)):
        context = tuple(stream[position - order + 1 : position])
        expected = reference.probability(context, stream[position])
        assert found[position] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("context", [[1, 2, 4], [0, 0, 0], [5, 5, 5], [1, 2, 5]])
def test_probabilities_sum_to_one(context: list[int]) -> None:
    model = NGramModel(np.array(random_stream(3, 200)), VOCAB, 4)
    sums: dict[int, float] = defaultdict(float)
    for token in range(VOCAB):
        for order, found in model.probabilities(np.array([*context, token])).items():
            assert found[-1] > 0
            sums[order] += float(found[-1])
    assert list(sums.values()) == pytest.approx([1.0] * 4, abs=1e-12)


def test_an_order_is_chosen_and_reported(tmp_path: Path) -> None:
    train = write_tokens(tmp_path / "a", [random_stream(1, 400)], VOCAB)
    validation = write_tokens(tmp_path / "b", [random_stream(2, 100)], VOCAB)
    report = NGram.measure(NGram.Config(), train, validation)
    orders = report.details["bits_per_byte_by_order"]
    order = report.details["order"]
    assert report.loss.bits_per_byte == orders[str(order)]
    assert report.label == f"{order}-gram"
    assert report.loss.num_tokens == 101
    guess = Uniform.measure(Uniform.Config(), train, validation)
    assert guess.loss.nats_per_token == pytest.approx(math.log(VOCAB))
    assert report.loss.nats_per_token < guess.loss.nats_per_token


def test_the_order_is_the_best_on_the_end_of_training(tmp_path: Path) -> None:
    stream = random_stream(1, 400)
    train = write_tokens(tmp_path / "a", [stream], VOCAB)
    counted = train.tokens()
    num = len(counted) - len(counted) // 10
    found = NGramModel(counted[:num], VOCAB, 5).probabilities(counted)
    losses = {order: -float(np.log(p[num:]).mean()) for order, p in found.items()}
    assert best_order(counted, train.mask(), VOCAB, 5) == min(
        losses, key=lambda order: losses[order]
    )
    assert best_order(counted[:5], train.mask()[:5], VOCAB, 4) == 4, (
        "too few to choose: the longest"
    )


def test_yardsticks_see_the_training_part_only(tmp_path: Path) -> None:
    """A canary, noise that stands 40 times in the validation part, chooses no order and is never learned."""
    train = write_tokens(tmp_path / "train", [random_stream(1, 400)], VOCAB)
    noise = np.random.default_rng(5).integers(0, VOCAB - 1, 30).tolist()
    documents = [random_stream(2, 100)]
    plain = write_tokens(tmp_path / "plain", documents, VOCAB)
    once = write_tokens(tmp_path / "once", [*documents, noise], VOCAB)
    often = write_tokens(tmp_path / "often", [*documents, *[noise] * 40], VOCAB)
    for kind, yardstick in YARDSTICKS.all().items():
        found = [yardstick.measure(yardstick.Config(), train, v) for v in (plain, once, often)]
        nats = [report.loss.nats_per_token * report.loss.num_tokens for report in found]
        assert len({report.label for report in found}) == 1, kind
        assert nats[2] - nats[0] == pytest.approx(40 * (nats[1] - nats[0]), rel=0.02), kind
    by_order = found_orders(train, often)
    assert (
        min(by_order, key=lambda order: by_order[order])
        != NGram.measure(NGram.Config(), train, often).details["order"]
    ), "the canary would have chosen another order"


def found_orders(train: TokenReader, validation: TokenReader) -> dict[int, float]:
    details = NGram.measure(NGram.Config(), train, validation).details
    return {int(order): bits for order, bits in details["bits_per_byte_by_order"].items()}


def test_counting_can_be_limited(tmp_path: Path) -> None:
    train = write_tokens(tmp_path / "a", [random_stream(1, 400)], VOCAB)
    report = NGram.measure(NGram.Config(max_train_tokens=50), train, train)
    assert report.details["train_tokens"] == 50


def test_edges() -> None:
    assert discount_of(np.array([1, 1, 2])) == 0.5
    assert discount_of(np.array([1, 1, 1, 2])) == 0.6
    assert discount_of(np.array([3, 3])) == 0.5
    assert NGramModel(np.array([2]), VOCAB, 5).max_order == 1
    with pytest.raises(BadData, match="no token"):
        NGramModel(np.array([], dtype=np.int64), VOCAB, 5)


def test_every_yardstick_is_named_by_its_file() -> None:
    for name, yardstick in YARDSTICKS.all().items():
        assert yardstick.Config().model_dump()["kind"] == name
