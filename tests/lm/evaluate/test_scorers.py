"""Exact match, with a model that was told the answer by hand."""

from pathlib import Path

import numpy as np
import pytest
import torch

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import Checkpoint
from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.metrics import METRICS
from glassworks.lm.evaluate.scorers import SCORERS
from glassworks.lm.evaluate.scorers.base import ScoredItem, share_report
from glassworks.lm.evaluate.scorers.exact_match import ExactMatch, read_questions, write_greedily
from glassworks.lm.model.transformer import Transformer
from glassworks.lm.tokenizer.tokenizer import Tokenizer, save_tokenizer
from glassworks.lm.tokenizer.trainers.digits import Digits
from tests.lm.evaluate.models import END, tiny_model, write_tokens

VOCAB = 15


@pytest.fixture
def digits(tmp_path: Path) -> Tokenizer:
    trained = Digits.train(Digits.Config(), iter([]))
    return save_tokenizer(tmp_path, trained.inner, trained.roles)


def no_progress(done: int, total: int) -> None:
    assert 0 < done <= total


def score(model: Transformer, reader: TokenReader, digits: Tokenizer) -> list[ScoredItem]:
    checkpoint = Checkpoint(model, model.architecture, 5, "")
    return ExactMatch.score(ExactMatch.Config(), checkpoint, digits, reader, no_progress)


def test_right_and_wrong_answers(tmp_path: Path, digits: Tokenizer) -> None:
    """Questions whose answers are what this model writes are right, all others wrong."""
    model = tiny_model(VOCAB)
    prompts = [[1, 2], [3, 4], [5, 6, 7]]
    answers = [
        write_greedily(model, np.array([[END, *prompt]]), 3)[0].tolist() for prompt in prompts
    ]
    answers[1][0] = answers[1][0] % 14 + 1
    documents = [prompt + answer[:-1] for prompt, answer in zip(prompts, answers, strict=True)]
    masks = [[i >= len(prompt) for i in range(len(prompt) + 2)] for prompt in prompts]
    reader = write_tokens(tmp_path / "a", documents, VOCAB, masks)
    items = score(model, reader, digits)
    assert [item.id for item in items] == ["d0", "d1", "d2"]
    ends = [answer[-1] == END for answer in answers]
    assert [item.score for item in items] == [float(ends[0]), 0.0, float(ends[2])]
    assert items[2].prompt == digits.decode([5, 6, 7])
    assert items[0].expected == digits.decode(answers[0][:-1])


def test_greedy_is_the_likeliest_token_each_time() -> None:
    model = tiny_model(VOCAB)
    written = write_greedily(model, np.array([[END, 3, 4], [END, 5, 6]]), 4)
    for row, prompt in zip(written, ([END, 3, 4], [END, 5, 6]), strict=True):
        ids = list(prompt)
        for token in row.tolist():
            with torch.no_grad():
                assert token == int(model(torch.tensor([ids]))[0, -1].argmax())
            ids.append(token)


def test_questions_end_where_answers_start(tmp_path: Path) -> None:
    masks = [[False, False, True, True]] * 5
    reader = write_tokens(tmp_path / "a", [[i, 2, 3, 4] for i in range(1, 6)], VOCAB, masks)
    questions = read_questions(reader, max_items=3)
    assert [question.id for question in questions] == ["d0", "d2", "d4"]
    assert questions[1].prompt == [END, 3, 2]
    assert questions[1].answer == [3, 4, END]


def test_text_without_answers_is_refused(tmp_path: Path, digits: Tokenizer) -> None:
    reader = write_tokens(tmp_path / "a", [[1, 2, 3]], VOCAB)
    with pytest.raises(InvalidSpec, match="do not say where their answers start"):
        score(tiny_model(VOCAB), reader, digits)


def test_wilson_interval() -> None:
    items = [ScoredItem("exact_match", str(i), "", "", "", float(i < 8)) for i in range(10)]
    report = share_report("exact_match", items)
    assert report.value == 0.8
    assert (report.low, report.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert share_report("exact_match", items[:1]).high == 1.0


def test_every_scorer_has_a_metric_of_its_name() -> None:
    for name, scorer in SCORERS.all().items():
        assert scorer.Config().model_dump()["kind"] == name
        assert METRICS.load(name).label
