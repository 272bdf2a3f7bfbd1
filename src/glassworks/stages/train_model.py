"""Train a model: tokens and an architecture in, a checkpoint out.

In: `train` and (optionally) `validation` tokens, the tokenizer that made them, an architecture, and (optionally) a
checkpoint to begin from instead of fresh weights. Out: `checkpoint`, the
weights after the last step; on the way a checkpoint and a resumable state on a cadence, a row of figures per step,
evaluations, samples and tracked prompts. Unusual: a run that was killed anywhere goes on from its newest state with
the same bits, and a finished run can be continued with a larger `steps`.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import torch

from glassworks.common.errors import BadData, Diverged, InvalidSpec
from glassworks.lm.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from glassworks.lm.checkpoint.files import CHECKPOINT_FILES
from glassworks.lm.data.tokens import TokenReader
from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.lm.model.transformer import Transformer, build_model
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.train.compiling import compile_loss, pick_compile
from glassworks.lm.train.config import TrainConfig
from glassworks.lm.train.figures import Figures
from glassworks.lm.train.going_on import check_not_further, computed_otherwise, stretched
from glassworks.lm.train.loop import Hooks, train
from glassworks.lm.train.nonfinite import first_nonfinite
from glassworks.lm.train.observe import Observer
from glassworks.lm.train.precision import (
    Weights,
    check_device,
    default_threads,
    pick_device,
    pick_dtype,
)
from glassworks.lm.train.reading import check_lasts, epochs_at, plan_of_reading
from glassworks.lm.train.recompute import recompute_layers
from glassworks.lm.train.snapshot import Snapshot
from glassworks.lm.train.starting import check_same_architecture, start_from
from glassworks.lm.train.state import load_training_state, read_training_spec
from glassworks.lm.train.streams import derive_seed
from glassworks.lm.train.trainer import Trainer
from glassworks.lm.train.watch import WATCH_FILE, Watch, plan_of
from glassworks.specs.events import AttemptEvent, FindingRaised
from glassworks.specs.stage import Context, Port, Ports, Resources, Stage


class TrainModel(Stage):
    """Teach a fresh model, or one that has learned already, to continue text."""

    version = 3
    libraries = ("torch",)
    can_continue = True

    class Config(TrainConfig):
        """How a model learns, how often it is measured, and how often it is saved."""

    class Inputs(Ports):
        """What is learned from, what it is measured on, and what is built."""

        train: Annotated[Path, Port("tokens", "what is learned from")]
        validation: Annotated[Path | None, Port("tokens", "what the loss is measured on")] = None
        tokenizer: Annotated[Path, Port("tokenizer", "the tokenizer that made the tokens")]
        architecture: Annotated[Path, Port("architecture", "the model to build")]
        init_from: Annotated[
            Path | None,
            Port("checkpoint", "a trained model to begin from; left out: fresh weights"),
        ] = None

    class Outputs(Ports):
        """The trained model."""

        checkpoint: Annotated[Path, Port("checkpoint", "the weights after the last step")]

    @classmethod
    def resolve(cls, config: TrainConfig, machine: dict[str, Any]) -> TrainConfig:
        """Device, dtype and threads of this machine in place of `auto`. Raises Unavailable for a missing device."""
        device = pick_device(machine) if config.device == "auto" else config.device
        check_device(device)
        dtype = pick_dtype(device, machine) if config.dtype == "auto" else config.dtype
        threads = default_threads(machine) if config.threads == "auto" else config.threads
        is_compiled = pick_compile(config.compile, device, dtype, config.steps)
        found = {"device": device, "dtype": dtype, "threads": threads, "compile": is_compiled}
        return config.model_copy(update=found)

    @classmethod
    def resources(cls, config: TrainConfig) -> Resources:
        threads = config.threads if isinstance(config.threads, int) else 1
        return Resources(device=config.device, dtype=config.dtype, threads=threads)

    def run(self, ctx: Context[TrainConfig, Inputs, Outputs]) -> None:
        with exact_arithmetic(ctx.resources):
            session = Session(ctx)
            session.start()
            session.learn()
            session.publish()


class Session:
    """One attempt: everything that the loop needs, wired to the run's context."""

    def __init__(self, ctx: Context[TrainConfig, TrainModel.Inputs, TrainModel.Outputs]) -> None:
        self.ctx = ctx
        self.tokenizer_id = ctx.input_ids.get("tokenizer", "")
        self.tokenizer = load_tokenizer(ctx.inputs.tokenizer)
        self.reader = TokenReader(ctx.inputs.train)
        self.validation = _validation(ctx.inputs.validation)
        self.architecture = _architecture(ctx.inputs.architecture, self.tokenizer)
        _check_tokens(self.reader, self.architecture, self.tokenizer, self.tokenizer_id)
        self.context, self.world = self.architecture.context, ctx.resources.world
        check_lasts(self.reader, ctx.config, self.context, self.world)
        plan = plan_of(self.reader, ctx.config, self.context, self.world)
        self.watch = Watch(plan, ctx.emit)

    def start(self) -> None:
        """A fresh model at step 0, or the saved one with its optimizer at the step of `resume_from`."""
        ctx, config = self.ctx, self.ctx.config
        resources = ctx.resources
        state = ctx.resume_from
        if state is None:
            model = self._first_model().to(resources.device)
        else:
            model = read_checkpoint(state, resources.device, torch.float32).model
            check_same_architecture(model.architecture, self.architecture)
        if config.activation_checkpointing:
            recompute_layers(model)
        weights = Weights(model, resources.dtype)
        self.trainer = Trainer(weights, self.reader, config, resources.rank, resources.world)
        if state is None:
            self._begin()
        else:
            self._go_on(state)

    def learn(self) -> None:
        """The loop, with its turns wired to the run's log."""
        ctx, trainer = self.ctx, self.trainer
        self.snapshot = Snapshot(trainer, self.architecture, self.tokenizer_id)
        figures = Figures(trainer, ctx.machine, ctx.resources.device)
        checkpoint = Checkpoint(
            trainer.weights.model, self.architecture, trainer.step, self.tokenizer_id
        )
        observer = Observer(trainer, checkpoint, self.tokenizer, self.validation, self._emit)
        hooks = Hooks(
            tell=lambda update: self._tell(figures.row(update)),
            look=observer.look,
            save=self._save,
            progress=lambda step: ctx.progress(step, ctx.config.steps, "steps", "training"),
            should_stop=ctx.should_stop,
        )
        try:
            train(trainer, hooks)
        except Diverged as error:
            self.watch.broke(
                trainer.step + 1,
                error.message.partition(": ")[2].rstrip("."),
                first_nonfinite(trainer),
            )
            raise

    def publish(self) -> None:
        """The last weights as the run's output."""
        trainer, out = self.trainer, self.ctx.outputs.checkpoint
        masters = trainer.weights.masters
        write_checkpoint(out, masters, self.architecture, trainer.step, self.tokenizer_id)
        self.ctx.summarize("checkpoint", self._summary())

    def _first_model(self) -> Transformer:
        """Fresh weights, or those of `init_from`, with rows for what its tokenizer has learned since."""
        seed = derive_seed(self.ctx.seed, "weights", 0)
        if self.ctx.inputs.init_from is None:
            return build_model(self.architecture, seed=seed)
        start = start_from(
            self.ctx.inputs.init_from, self.tokenizer, self.tokenizer_id, self.architecture, seed
        )
        evidence = {
            "from_step": start.step,
            "known_tokens": start.num_known,
            "new_tokens": start.num_new,
        }
        self.ctx.emit(
            FindingRaised(
                level="note",
                code="begun-from-checkpoint",
                message=str(start),
                step=0,
                evidence=evidence,
            )
        )
        return start.model

    def _tell(self, row: dict[str, float | int]) -> None:
        self.ctx.metrics(row)
        self.watch.row(row)

    def _emit(self, event: AttemptEvent) -> None:
        self.ctx.emit(event)
        self.watch.event(event)

    def _take(self) -> Callable[[Path], None]:
        """What a saved state holds, as of now; returns how it is written."""
        watched, taken = self.watch.to_json(), self.snapshot.take()

        def write(folder: Path) -> None:
            taken.write(folder)
            (folder / WATCH_FILE).write_text(watched, "utf-8")

        return write

    def _save(self) -> None:
        self.ctx.save_in_background(
            self.trainer.step,
            self._take,
            CHECKPOINT_FILES,
            keep=self.ctx.config.keep_states,
            summary=self._summary(),
            keep_checkpoints=self.ctx.config.keep_checkpoints,
        )

    def _summary(self) -> dict[str, Any]:
        trainer = self.trainer
        num_parameters = sum(weight.numel() for weight in trainer.weights.masters.values())
        read = epochs_at(self.reader, trainer.config, self.context, trainer.step, self.world)
        summary = {
            "step": trainer.step,
            "parameters": num_parameters,
            "tokens": trainer.num_tokens,
        }
        return {**summary, "epochs": read} if read else summary

    def _go_on(self, state: Path) -> None:
        """Take over the state; what is told is only what the attempts before could not have told."""
        config, trainer = self.ctx.config, self.trainer
        spec = read_training_spec(state)
        check_not_further(spec, config.steps)
        load_training_state(state, trainer, spec)
        self.watch.load(state)
        compiled = compile_loss(trainer) if config.compile is True else None
        if compiled is not None and compiled.level != "note":
            self.ctx.emit(compiled)
        if spec.is_compiled != trainer.is_compiled:
            self.ctx.emit(computed_otherwise(spec))
        if spec.steps != config.steps:
            self.ctx.emit(stretched(spec, config.steps))
            if plan := plan_of_reading(self.reader, config, self.context, self.world):
                self.ctx.emit(plan)

    def _begin(self) -> None:
        """What a run from its first step tells before it."""
        ctx, config = self.ctx, self.ctx.config
        if config.compile is True:
            ctx.emit(compile_loss(self.trainer))
        if told := self.trainer.objective.check(self.reader):
            ctx.emit(FindingRaised(level="note", code="learns-from", message=told, step=0))
        if plan := plan_of_reading(self.reader, config, self.context, self.world):
            ctx.emit(plan)


def _validation(folder: Path | None) -> TokenReader | None:
    """None where nothing was held out: no tokens are connected, or they are empty."""
    reader = None if folder is None else TokenReader(folder)
    return reader if reader is not None and reader.num_tokens else None


def _architecture(folder: Path, tokenizer: Tokenizer) -> ArchitectureConfig:
    """Read `architecture.json` and fill in the tokenizer's vocabulary."""
    try:
        document = json.loads((folder / "architecture.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadData(
            "bad-architecture",
            f"The architecture cannot be read: {error}",
            "Give an artifact with a sound architecture.json.",
            str(folder),
        ) from error
    return parse_architecture(document).with_vocab_size(tokenizer.vocab_size)


def _check_tokens(
    reader: TokenReader, architecture: ArchitectureConfig, tokenizer: Tokenizer, tokenizer_id: str
) -> None:
    if reader.vocab_size != tokenizer.vocab_size or reader.tokenizer_id not in ("", tokenizer_id):
        raise InvalidSpec(
            "another-tokenizer",
            "The tokens were made by another tokenizer than the one that is connected.",
            "Connect the tokenizer that made the tokens.",
            "tokenizer",
        )
    reader.num_windows(architecture.context)  # raises BadData for a text shorter than one


@contextmanager
def exact_arithmetic(resources: Resources) -> Iterator[None]:
    """Fixed threads and deterministic kernels inside the block: the same bits each time on this machine.

    The CPU's kernels that a model uses are deterministic as they are; elsewhere torch is asked for those that are.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when cuBLAS starts
    threads = torch.get_num_threads()
    is_deterministic = torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(resources.threads)
    torch.use_deterministic_algorithms(resources.device != "cpu", warn_only=True)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(is_deterministic)
