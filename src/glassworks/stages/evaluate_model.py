"""Evaluate: a checkpoint in; its loss on held-out text beside the yardsticks, scores, and samples out.

Out: `evaluation.json` (all figures and the samples) and `items.parquet` (one row a held-out document and one a
question: kind, id, prompt, expected, output, score). Yardsticks are measured in the same run on the same tokens.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import Checkpoint, read_checkpoint
from glassworks.lm.data import TokenReader
from glassworks.lm.evaluate.loss import LossReport, LossTally, token_losses
from glassworks.lm.evaluate.scorers import SCORERS
from glassworks.lm.evaluate.scorers.base import ScoredItem, ScoreReport, share_report
from glassworks.lm.evaluate.yardsticks import YARDSTICKS
from glassworks.lm.evaluate.yardsticks.base import YardstickReport
from glassworks.lm.evaluate.yardsticks.ngram import NGram
from glassworks.lm.evaluate.yardsticks.uniform import Uniform
from glassworks.lm.generate.generate import generate, sample_seed
from glassworks.lm.generate.settings import GenerateSettings
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.train.precision import check_device, default_threads, pick_device
from glassworks.specs.base import Auto
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.choice import OneOf
from glassworks.specs.events import EvaluationRecorded, SampleDrawn
from glassworks.specs.stage import Context, Port, Ports, Resources, Stage, Stopped

FORMAT = 1
ITEM_COLUMNS = {"kind": pa.string(), "id": pa.string(), "prompt": pa.string()}
ITEM_COLUMNS |= {"expected": pa.string(), "output": pa.string(), "score": pa.float64()}


class EvaluateModel(Stage):
    """Measure a model on text that it has never read, beside simple yardsticks, and let it write."""

    version = 4
    libraries = ("numpy", "pyarrow", "tokenizers", "torch")

    class Config(BaseConfig):
        yardsticks: tuple[Annotated[BaseConfig, OneOf(YARDSTICKS)], ...] = Field(
            default=(Uniform.Config(), NGram.Config()),
            description="Simple models that are measured on the same tokens.",
        )
        scorers: tuple[Annotated[BaseConfig, OneOf(SCORERS)], ...] = Field(
            default=(), description="How answers to held-out questions are judged."
        )
        prompts: tuple[str, ...] = Field(
            default=("", "", ""),
            max_length=32,
            description="One sample is drawn for each; an empty prompt starts a new document.",
        )
        sample: GenerateSettings = Field(
            default=GenerateSettings(), description="How the samples are drawn."
        )
        attention_across_documents: bool = Field(
            default=False,
            description="Let a token look at the documents that stand before its own in the same window.",
        )
        device: Literal["cpu", "cuda", "mps"] | Auto = Field(
            default="auto", description="Where the model computes; `auto` takes the fastest."
        )
        threads: int | Auto = Field(
            default="auto", description="Processor threads; `auto` takes one per core."
        )

    class Inputs(Ports):
        checkpoint: Annotated[Path, Port("checkpoint", "the model to measure")]
        validation: Annotated[Path, Port("tokens", "held-out tokens to measure it on")]
        train: Annotated[
            Path, Port("tokens", "what it learned from; the yardsticks learn from it too")
        ]
        tokenizer: Annotated[Path, Port("tokenizer", "the tokenizer that made the tokens")]

    class Outputs(Ports):
        evaluation: Annotated[Path, Port("evaluation", "the figures, the samples, and each item")]

    @classmethod
    def resolve(cls, config: Any, machine: dict[str, Any]) -> Any:
        device = pick_device(machine) if config.device == "auto" else config.device
        check_device(device)
        threads = default_threads(machine) if config.threads == "auto" else config.threads
        return config.model_copy(update={"device": device, "threads": threads})

    @classmethod
    def resources(cls, config: Any) -> Resources:
        threads = config.threads if isinstance(config.threads, int) else 1
        return Resources(device=config.device, threads=threads)

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        torch.set_num_threads(ctx.resources.threads)
        Evaluation(ctx).run()


class Evaluation:
    """One evaluation: measure, compare, ask, let write, record."""

    def __init__(self, ctx: Any) -> None:
        self.ctx = ctx
        self.checkpoint: Checkpoint = read_checkpoint(ctx.inputs.checkpoint, ctx.resources.device)
        self.checkpoint.model.lay_out_for_writing()
        self.tokenizer: Tokenizer = load_tokenizer(ctx.inputs.tokenizer)
        self.train = TokenReader(ctx.inputs.train)
        self.validation = TokenReader(ctx.inputs.validation)
        self.items: list[ScoredItem] = []
        _check_vocabularies(self.checkpoint, self.tokenizer, self.validation)

    def run(self) -> None:
        loss = self._measure()
        yardsticks = self._compare()
        scores = self._ask()
        samples = self._write()
        self._record(loss, yardsticks, scores, samples)

    def _measure(self) -> LossReport:
        """The loss on all held-out tokens, and that of each document as an item."""
        tally = LossTally(self.validation, self.checkpoint.architecture.context)
        all_nats = np.zeros(self.validation.num_tokens)
        is_across = self.ctx.config.attention_across_documents
        losses = token_losses(self.checkpoint.model, self.validation, is_across_documents=is_across)
        for positions, nats in losses:
            all_nats[positions] = nats
            tally.add(positions, nats)
            self._progress(int(positions.max()) + 1, len(all_nats), "tokens", "measuring")
        self.items += _document_items(self.validation, all_nats)
        return tally.report()

    def _compare(self) -> list[YardstickReport]:
        reports = []
        chosen = self.ctx.config.yardsticks
        for done, config in enumerate(chosen, start=1):
            yardstick = YARDSTICKS.load(config.kind)
            reports.append(yardstick.measure(config, self.train, self.validation))
            self._progress(done, len(chosen), "yardsticks", "comparing")
        return reports

    def _ask(self) -> list[ScoreReport]:
        reports = []
        for config in self.ctx.config.scorers:
            scored = SCORERS.load(config.kind).score(
                config, self.checkpoint, self.tokenizer, self.validation, self._asked
            )
            self.items += scored
            reports.append(share_report(config.kind, scored))
        return reports

    def _write(self) -> list[SampleDrawn]:
        config, samples = self.ctx.config, []
        for index, prompt in enumerate(config.prompts):
            seed = sample_seed(config.sample.seed, index)
            settings = config.sample.model_copy(update={"seed": seed})
            ids = self.tokenizer.encode(prompt)
            pieces = generate(self.checkpoint, self.tokenizer, ids, settings, self.ctx.should_stop)
            sample = SampleDrawn(
                step=self.checkpoint.step,
                prompt=prompt,
                text="".join(piece.text for piece in pieces),
                seed=seed,
                temperature=settings.temperature,
            )
            self._progress(index + 1, len(config.prompts), "samples", "writing")
            self.ctx.emit(sample)
            samples.append(sample)
        return samples

    def _record(
        self,
        loss: LossReport,
        yardsticks: list[YardstickReport],
        scores: list[ScoreReport],
        samples: list[SampleDrawn],
    ) -> None:
        values = loss.values | {score.kind: score.value for score in scores}
        intervals = loss.intervals | {score.kind: (score.low, score.high) for score in scores}
        document = {
            "format": FORMAT,
            "checkpoint": self.ctx.input_ids.get("checkpoint", ""),
            "step": self.checkpoint.step,
            "loss": loss.to_json(),
            "yardsticks": [yardstick.to_json() for yardstick in yardsticks],
            "scores": [score.to_json() for score in scores],
            "samples": [sample.model_dump(exclude={"type", "time"}) for sample in samples],
        }
        folder = self.ctx.outputs.evaluation
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        (folder / "evaluation.json").write_text(text, "utf-8")
        _write_items(folder / "items.parquet", self.items)
        self.ctx.emit(
            EvaluationRecorded(step=self.checkpoint.step, values=values, intervals=intervals)
        )
        shown = {y.label: round(y.loss.bits_per_byte, 4) for y in yardsticks}
        rounded = {name: round(value, 4) for name, value in values.items()}
        spans = {name: [round(end, 4) for end in ends] for name, ends in intervals.items()}
        summary = {**rounded, "yardsticks": shown, "intervals": spans}
        self.ctx.summarize("evaluation", summary)

    def _asked(self, done: int, total: int) -> None:
        self._progress(done, total, "questions", "asking")

    def _progress(self, done: int, total: int, unit: str, phase: str) -> None:
        if self.ctx.should_stop():
            raise Stopped
        self.ctx.progress(done, total, unit, phase)


def _check_vocabularies(
    checkpoint: Checkpoint, tokenizer: Tokenizer, validation: TokenReader
) -> None:
    if not validation.vocab_size == tokenizer.vocab_size <= checkpoint.architecture.num_tokens:
        raise InvalidSpec(
            "another-tokenizer",
            f"The model knows {checkpoint.architecture.num_tokens:,} tokens, the tokenizer "
            f"{tokenizer.vocab_size:,}, and the held-out text was made with {validation.vocab_size:,}.",
            "Connect the tokenizer and the tokens that the model was trained with.",
            "tokenizer",
        )


def _document_items(validation: TokenReader, nats: Any) -> list[ScoredItem]:
    """Bits per byte of each held-out document whose text counts."""
    starts, names = validation.documents()
    if not len(starts):
        return []
    is_text = validation.mask() & (validation.token_bytes[validation.tokens()] > 0)
    num_bytes = validation.token_bytes[validation.tokens()] * is_text
    sums = np.add.reduceat(nats * is_text, starts)
    bytes_ = np.add.reduceat(num_bytes, starts)
    bits = sums / np.log(2) / np.maximum(bytes_ * validation.bytes_per_decoded, 1)
    return [
        ScoredItem("bits_per_byte", name, "", "", "", round(float(value), 6))
        for name, value in zip(names, bits, strict=True)
    ]


def _write_items(path: Path, items: list[ScoredItem]) -> None:
    columns = {
        name: pa.array([getattr(item, name) for item in items], type_)
        for name, type_ in ITEM_COLUMNS.items()
    }
    pq.write_table(pa.table(columns), path, compression="zstd", store_schema=False)
