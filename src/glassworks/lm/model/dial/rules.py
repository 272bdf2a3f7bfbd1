"""One dial, `depth`, and the rules by which it sets everything else. Pure arithmetic, torch-free.

In: the number of layers; for batch and horizon also what the model that follows from it costs. Out: numbers. Each rule is
one sentence with its source in `RULES`, and one function of the same name; what a person is told and what is computed
stand side by side. Unusual: the rule for the batch was fitted on far larger models (10^17 to 2 x 10^19 FLOPs) and is
used below that range too.
"""

from math import log, log2, sqrt

from glassworks.specs.base import Spec

WIDTH_UNIT, SMALLEST_WIDTH = 32, 64
HEAD_WIDTH, NARROW_HEAD_WIDTH = 64, 32
FIRST_DEPTH, FIRST_WIDTH = 4, 128
GPT2_DEPTH, GPT2_WIDTH = 12, 768
WIDTH_POWER = log(GPT2_WIDTH / FIRST_WIDTH) / log(GPT2_DEPTH / FIRST_DEPTH)
CONTEXT_FROM, CONTEXT_TO = 128, 1024
TOKENS_PER_PARAMETER = 20
EPOCHS_LIKE_NEW = 4
BATCH_FACTOR, BATCH_POWER = 0.2920, 0.3271
SMALLEST_BATCH = 4
MUON_RATE = 0.02
ADAMW_RATE, ADAMW_WIDTH = 4e-3, 128


class Rule(Spec):
    """`sentence` is what the rule does, `source` where it is from."""

    name: str
    sentence: str
    source: str


RULES = (
    Rule(
        name="width",
        sentence="The width grows with depth^1.63, in multiples of 32.",
        source="The line through our recipe first-model (4 layers, 128 wide) and GPT-2 small (12, 768; Radford et al. 2019); "
        "Llama 7B and 13B (32, 4,096 and 40, 5,120; Touvron et al. 2023) lie near it.",
    ),
    Rule(
        name="heads",
        sentence="A head is 64 numbers wide, or 32 where the width is no multiple of 64.",
        source="GPT-2, in all its sizes (Radford et al. 2019).",
    ),
    Rule(
        name="context",
        sentence="The context is the power of two nearest to the width, between 128 and 1,024.",
        source="Our recipe first-model (128 wide, 128 positions) at one end, GPT-2 small (768 wide, 1,024) at the other.",
    ),
    Rule(
        name="horizon",
        sentence="It reads 20 tokens for each parameter that multiplies; the embedding, which is looked up, does not count.",
        source="Hoffmann et al. 2022, Training Compute-Optimal Large Language Models; Karpathy 2025, nanochat, for what counts.",
    ),
    Rule(
        name="epochs",
        sentence="No text is read more than four times, because later readings teach much less than new text.",
        source="Muennighoff et al. 2023, Scaling Data-Constrained Language Models.",
    ),
    Rule(
        name="capacity",
        sentence="It has no more parameters that multiply than its text has tokens, for it would learn them by heart.",
        source="Our measurements on Shakespeare's plays (1.3 million tokens): at 2.2 million parameters the loss on what was "
        "read falls far below that on held-out text.",
    ),
    Rule(
        name="batch",
        sentence="A step reads 0.292 x FLOPs^0.327 tokens, FLOPs being those of the whole training.",
        source="DeepSeek-AI 2024, DeepSeek LLM: Scaling Open-Source Language Models with Longtermism, equation 1.",
    ),
    Rule(
        name="matrix_rate",
        sentence="Muon's learning rate is 0.02 at every size, because its steps have the same size in every matrix.",
        source="Jordan et al. 2024, Muon: an optimizer for hidden layers in neural networks.",
    ),
    Rule(
        name="vector_rate",
        sentence="The rate of embeddings and head falls with the root of the width, from 0.004 at 128.",
        source="Karpathy 2025, nanochat, for the root; our recipe first-model for the starting point.",
    ),
)


def width(depth: int) -> int:
    line: float = FIRST_WIDTH * (depth / FIRST_DEPTH) ** WIDTH_POWER
    return max(SMALLEST_WIDTH, WIDTH_UNIT * round(line / WIDTH_UNIT))


def heads(depth: int) -> int:
    whole = width(depth)
    return whole // (HEAD_WIDTH if whole % HEAD_WIDTH == 0 else NARROW_HEAD_WIDTH)


def context(depth: int) -> int:
    nearest = 1 << round(log2(width(depth)))
    return min(CONTEXT_TO, max(CONTEXT_FROM, nearest))


def horizon(num_multiplying: int) -> int:
    """Tokens to read, for so many parameters that multiply."""
    return TOKENS_PER_PARAMETER * num_multiplying


def epochs(num_tokens: int, num_available: int) -> int:
    """Tokens to read of a text of so many: no more than four times all of it."""
    return min(num_tokens, EPOCHS_LIKE_NEW * num_available)


def capacity(num_multiplying: int, num_available: int) -> bool:
    """Whether a text of so many tokens is enough for so many parameters."""
    return num_multiplying <= num_available


def batch(training_flops: float, context: int) -> int:
    """Sequences a step: the power of two nearest to the rule's tokens."""
    tokens = BATCH_FACTOR * training_flops**BATCH_POWER
    nearest = 1 << max(0, round(log2(tokens / context)))
    return max(SMALLEST_BATCH, nearest)


def matrix_rate(width: int) -> float:
    """The same at every width."""
    return MUON_RATE


def vector_rate(width: int) -> float:
    return float(f"{ADAMW_RATE * sqrt(ADAMW_WIDTH / width):.2g}")
