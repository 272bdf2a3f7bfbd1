"""Exact match: the model writes the answer, always taking its likeliest token; it is right when each token is.

In: held-out documents whose answers are marked by the token mask. Out: one item a question. The answer must end, too:
the end token after it counts. Questions of the same shape are answered together.

Legend: B questions, T tokens.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import Checkpoint
from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.scorers.base import ScoredItem, Scorer
from glassworks.lm.model.transformer import Transformer
from glassworks.lm.tokenizer import Tokenizer
from glassworks.specs.base import Config as BaseConfig


class ExactMatch(Scorer):
    """Share of answers that are right to the last character."""

    class Config(BaseConfig):
        kind: Literal["exact_match"] = Field(
            default="exact_match", description="The answer must be right to the last character."
        )
        max_items: int = Field(
            default=1000,
            ge=1,
            description="Questions to ask, spread evenly over the held-out ones.",
        )
        batch_size: int = Field(default=256, ge=1, description="Questions answered together.")

    @staticmethod
    def score(
        config: Any,
        checkpoint: Checkpoint,
        tokenizer: Tokenizer,
        validation: TokenReader,
        progress: Callable[[int, int], None],
    ) -> list[ScoredItem]:
        """Raises InvalidSpec when the documents do not say where their answers start."""
        questions = read_questions(validation, config.max_items)
        items: list[ScoredItem] = []
        for batch in _same_shape(questions, config.batch_size):
            prompts = np.array([question.prompt for question in batch])
            answers_BT = write_greedily(checkpoint.model, prompts, len(batch[0].answer))
            for question, answer in zip(batch, answers_BT.tolist(), strict=True):
                items.append(_judge(config.kind, question, answer, tokenizer))
            progress(len(items), len(questions))
        return sorted(items, key=lambda item: item.id)


@dataclass(frozen=True)
class Question:
    """Token ids: `prompt` starts with the end token that comes before every document, `answer` ends with one."""

    id: str
    prompt: list[int]
    answer: list[int]


def read_questions(validation: TokenReader, max_items: int) -> list[Question]:
    """Held-out documents as questions; of more than `max_items` some are taken, spread evenly."""
    if not validation.has_mask:
        raise InvalidSpec(
            "no-answers",
            "These documents do not say where their answers start, so none can be judged.",
            "Use a dataset with `answer_start`, such as the source arithmetic, or drop the scorer.",
            "scorers",
        )
    starts, names = validation.documents()
    stops = [*starts[1:], validation.num_tokens]
    num = min(max_items, len(names))
    chosen = np.linspace(0, len(names) - 1, num=num).astype(np.int64)
    return [_question(validation, names[i], int(starts[i]), int(stops[i])) for i in chosen]


def write_greedily(model: Transformer, prompts_BT: Any, num_tokens: int) -> Tensor:
    """Go on from prompts of one length with the likeliest token, `num_tokens` times -> (B, num_tokens) ids."""
    ids_BT = torch.from_numpy(prompts_BT).to(model.device)
    model.eval()
    with torch.no_grad():
        for _ in range(num_tokens):
            logits_BTV = model(ids_BT[:, -model.architecture.context :])
            ids_BT = torch.cat([ids_BT, logits_BTV[:, -1:].argmax(dim=-1)], dim=1)
    return ids_BT[:, -num_tokens:].cpu()


def _question(validation: TokenReader, name: str, start: int, stop: int) -> Question:
    positions = np.arange(start, stop)
    ids = validation.tokens_at(positions).tolist()
    num_asked = int(np.argmax(validation.mask_at(positions)))
    return Question(name, [validation.end_id, *ids[:num_asked]], ids[num_asked:])


def _same_shape(questions: list[Question], batch_size: int) -> list[list[Question]]:
    """Batches in which all prompts are equally long, and all answers."""
    by_shape: dict[tuple[int, int], list[Question]] = defaultdict(list)
    for question in questions:
        by_shape[len(question.prompt), len(question.answer)].append(question)
    return [
        group[first : first + batch_size]
        for group in by_shape.values()
        for first in range(0, len(group), batch_size)
    ]


def _judge(kind: str, question: Question, answer: list[int], tokenizer: Tokenizer) -> ScoredItem:
    return ScoredItem(
        kind=kind,
        id=question.id,
        prompt=tokenizer.decode(question.prompt),
        expected=tokenizer.decode(question.answer),
        output=tokenizer.decode(answer),
        score=float(answer == question.answer),
    )
