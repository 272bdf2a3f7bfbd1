"""Looking at a model while it learns: its layers, validation loss, a sample, tracked prompts.

In: the trainer, a tokenizer, the validation tokens. Out: events. Unusual: looking changes nothing. What is drawn comes
from streams of its own, seeded by (seed, purpose, step), so a run with and without samples learns the same bits.

Legend: V vocabulary, K the likeliest tokens.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from glassworks.common.clock import monotonic_s
from glassworks.common.errors import BadData, LimitReached
from glassworks.lm.checkpoint import Checkpoint
from glassworks.lm.data.tokens import TokenReader
from glassworks.lm.evaluate.loss import measure_loss
from glassworks.lm.generate.generate import generate, next_logits, start_of
from glassworks.lm.generate.settings import GenerateSettings
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.chat import Message, encode_prompt, turn_ends
from glassworks.lm.train.loop import is_due
from glassworks.lm.train.streams import derive_seed
from glassworks.lm.train.trainer import Trainer
from glassworks.specs.events import (
    AttemptEvent,
    EvaluationRecorded,
    LayersMeasured,
    PromptTracked,
    SampleDrawn,
)

NUM_TRACKED = 5
SAMPLE_TEMPERATURE = 0.8


@dataclass(frozen=True)
class Observer:
    """Emits what is due at a step, in a fixed order: layers, evaluation, sample, tracked prompts."""

    trainer: Trainer
    checkpoint: Checkpoint
    tokenizer: Tokenizer
    validation: TokenReader | None
    emit: Callable[[AttemptEvent], None]

    def look(self, step: int, is_last: bool) -> None:
        """Measure and draw what falls on `step`; the last step always counts. The time for it is kept apart."""
        started_s = monotonic_s()
        self._look(step, is_last)
        self.trainer.measure_s += monotonic_s() - started_s

    def _look(self, step: int, is_last: bool) -> None:
        config = self.trainer.config
        last = step if is_last else config.steps
        model = self.trainer.weights.model
        if self.trainer.meter.step == step:
            self.emit(LayersMeasured(step=step, values=self.trainer.meter.values))
        model.eval()
        if self.validation and config.evaluate_every and is_due(step, config.evaluate_every, last):
            self.emit(self._evaluate(step, self.validation))
        if config.sample_every and is_due(step, config.sample_every, last):
            self.emit(self._sample(step))
            for prompt in config.tracked_prompts:
                self.emit(self._track(step, prompt))
        model.train()

    def _evaluate(self, step: int, validation: TokenReader) -> EvaluationRecorded:
        config = self.trainer.config
        loss = measure_loss(
            self.checkpoint.model,
            validation,
            max_tokens=config.evaluate_tokens,
            is_across_documents=config.attention_across_documents,
        )
        return EvaluationRecorded(step=step, values=loss.values, intervals=loss.intervals)

    def _sample(self, step: int) -> SampleDrawn:
        config = self.trainer.config
        settings = GenerateSettings(
            temperature=SAMPLE_TEMPERATURE,
            max_tokens=config.sample_tokens,
            seed=derive_seed(config.seed, "sample", step),
        )
        ids, ends = self._sample_start()
        pieces = generate(self.checkpoint, self.tokenizer, ids, settings, turn_ends=ends)
        return SampleDrawn(
            step=step,
            prompt=config.sample_prompt,
            text="".join(piece.text for piece in pieces),
            seed=settings.seed,
            temperature=settings.temperature,
        )

    def _sample_start(self) -> tuple[list[int], frozenset[int]]:
        """The prompt's ids and what ends the sample; where conversations are learned the prompt is a user's turn."""
        prompt, is_chat = self.trainer.config.sample_prompt, self.trainer.objective.is_chat
        if prompt and is_chat and self.tokenizer.chat_template:
            try:
                asked = encode_prompt(self.tokenizer, [Message(role="user", content=prompt)])
                return list(asked.ids), turn_ends(self.tokenizer)
            except (BadData, LimitReached):  # a template that wants more than one message
                pass
        return self.tokenizer.encode(prompt), frozenset()

    def _track(self, step: int, prompt: str) -> PromptTracked:
        tokens, probabilities = likeliest(self.checkpoint, self.tokenizer, prompt)
        return PromptTracked(step=step, prompt=prompt, tokens=tokens, probabilities=probabilities)


def likeliest(
    checkpoint: Checkpoint, tokenizer: Tokenizer, prompt: str, num: int = NUM_TRACKED
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The `num` likeliest tokens after `prompt`, as text, with their probabilities. An empty one: how a document begins."""
    ids = start_of(tokenizer.encode(prompt), tokenizer)[-checkpoint.model.architecture.context :]
    logits_V = next_logits(checkpoint.model, ids)[: tokenizer.vocab_size].to("cpu", torch.float64)
    found = torch.softmax(logits_V, dim=0).topk(min(num, logits_V.numel()))
    tokens = tuple(tokenizer.piece(int(i)) for i in found.indices)
    return tokens, tuple(float(p) for p in found.values)
