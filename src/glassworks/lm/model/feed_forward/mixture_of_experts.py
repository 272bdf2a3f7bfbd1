"""Mixture of experts: many feed-forward parts, of which each position asks only the few that suit it.

Idea: a model knows more the more weights it has, and costs more the more of them work on a token. Here they part ways: a
small router scores all experts, the best `active` of them compute, and their answers are mixed by their scores. All
weights are stored, few are used.

Formula: s = softmax(router(x));  y = sum over the k best experts e of g[e] expert_e(x);  g[e] = s[e] / sum of the k best s
    (with one active expert g = s, so that the router learns from the text too)
Balance: left alone, a router soon sends everything to a few experts, which then learn fastest. So the training adds
    weight x E sum over e of f[e] P[e],  f[e] share of a text's choices that went to e, P[e] mean of its s[e],
which is 1 when all experts are asked alike and up to E when one gets everything. It is taken text by text, so that a
batch computed in pieces learns the same.
Shapes: x_BTD -> s_BTE -> y_BTD; router (E, D); each expert has the matrices of its kind, hidden size F.
Source: Shazeer et al. 2017, "Outrageously Large Neural Networks"; Fedus et al. 2022, "Switch Transformers" (balance);
Jiang et al. 2024, "Mixtral of Experts" (shares among the chosen); text by text: DeepSeek-AI 2024, "DeepSeek-V3".

Unusual: positions are sorted by expert, so that each expert does one matrix product over its own, and nobody is left out
when an expert is popular. Sorting back and forth is a permutation, whose gradient is the other permutation: no sums whose
order could differ from run to run. The router computes in fp32. In half precision on a CPU an expert's positions are filled up
with zeros to a round number: PyTorch makes a program for each number of rows there and keeps a thousand of them, which
took twice the memory and more time.
Letters: B rows, T positions, D width, E experts, K active ones, N = B T positions, M = N K choices.
"""

from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import linear, pad

from glassworks.lm.estimate.table import ShapeRow, matrix, place, product
from glassworks.lm.model.component import Linear, at_least_fp32, fill_linear, impossible
from glassworks.lm.model.feed_forward.base import FeedForward, FeedForwardConfig
from glassworks.lm.model.feed_forward.gelu import GELU
from glassworks.lm.model.feed_forward.squared_relu import SquaredReLU
from glassworks.lm.model.feed_forward.swiglu import SwiGLU
from glassworks.lm.model.forward import ForwardPass, Wish

EXPERTS: dict[str, type[FeedForward]] = {
    "gelu": GELU,
    "squared_relu": SquaredReLU,
    "swiglu": SwiGLU,
}


ROUND_ROWS = 64
"""In half precision on a CPU an expert computes a multiple of so many positions."""


class MixtureOfExpertsConfig(FeedForwardConfig):
    kind: Literal["mixture_of_experts"] = Field(
        default="mixture_of_experts", description="A few of many experts for each position."
    )
    multiple: float = Field(
        default=2.0,
        gt=0,
        le=64,
        description="Hidden size of one expert as a multiple of the width.",
    )
    expert: Literal["gelu", "squared_relu", "swiglu"] = Field(
        default="squared_relu", description="What one expert computes."
    )
    experts: int = Field(default=8, ge=1, le=1024, description="Experts in a layer.")
    active: int = Field(default=2, ge=1, le=1024, description="Experts that a position asks.")
    balance_weight: float = Field(
        default=0.01, ge=0, le=10, description="How much evenly used experts count in training."
    )

    def check(self) -> None:
        if self.active > self.experts:
            raise impossible(
                f"Each position asks {self.active} experts, and there are {self.experts}.",
                f"Use {self.experts} or less for active, or more experts.",
                "feed_forward.active",
            )

    @property
    def inner(self) -> FeedForwardConfig:
        """The settings of one expert."""
        shared = {"multiple": self.multiple, "hidden": self.hidden, "has_bias": self.has_bias}
        return EXPERTS[self.expert].Config.model_validate(shared)

    def shapes(self, width: int) -> list[ShapeRow]:
        share, part = self.active / self.experts, "feed-forward"
        rows = [matrix("router.weight", part, self.experts, width, num_kept=3 * self.experts)]
        one = [row.used_by(share) for row in self.inner.shapes(width)]
        for number in range(self.experts):
            rows += place(one, f"experts.{number}.")
        # what the experts read and what they answered, once for each choice
        return [*rows, product("choices", part, 0.0, num_kept=2 * self.active * width)]


class MixtureOfExperts(FeedForward):
    Config: ClassVar[type[FeedForwardConfig]] = MixtureOfExpertsConfig
    has_wishes: ClassVar[bool] = True
    has_open_shapes: ClassVar[bool] = True

    def __init__(self, config: MixtureOfExpertsConfig, width: int) -> None:
        super().__init__()
        self.num_active, self.balance_weight = config.active, config.balance_weight
        self.router = Linear(width, config.experts)
        expert, inner = EXPERTS[config.expert], config.inner
        self.experts = nn.ModuleList(expert(inner, width) for _ in range(config.experts))

    def initialize(self, generator: torch.Generator) -> None:
        fill_linear(self.router, generator)
        for expert in self.experts:
            expert.initialize(generator)  # type: ignore[operator]

    def forward(self, x_BTD: Tensor, scope: ForwardPass) -> Tensor:
        shares_BTE, gates_BTK, chosen_BTK = self.route(x_BTD)
        if scope.wishes is not None:
            loss_B = balance(shares_BTE, chosen_BTK)
            scope.wishes.append(Wish("balance_loss", loss_B, self.balance_weight))
        x_ND, gates_NK = x_BTD.flatten(0, 1), gates_BTK.flatten(0, 1)
        answers_NKD = self._ask(x_ND, chosen_BTK.flatten(0, 1), scope)
        return (answers_NKD * gates_NK[..., None].to(x_ND.dtype)).sum(1).view_as(x_BTD)

    def route(self, x_BTD: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Shares of all experts, shares among the chosen ones, and which they are: s_BTE, g_BTK, e_BTK."""
        dtype = at_least_fp32(x_BTD.dtype)
        scores_BTE = linear(x_BTD.to(dtype), self.router.weight.to(dtype))
        shares_BTE = torch.softmax(scores_BTE, -1)
        best_BTK, chosen_BTK = shares_BTE.topk(self.num_active)
        if self.num_active > 1:
            best_BTK = best_BTK / best_BTK.sum(-1, keepdim=True)
        return shares_BTE, best_BTK, chosen_BTK

    def _ask(self, x_ND: Tensor, chosen_NK: Tensor, scope: ForwardPass) -> Tensor:
        """The answers of the chosen experts, in the order of the positions: (N, K, D)."""
        chosen_M = chosen_NK.flatten()
        order_M = torch.argsort(chosen_M, stable=True)
        back_M = torch.empty_like(order_M)
        back_M[order_M] = torch.arange(len(order_M), device=order_M.device)
        num_asked = torch.bincount(chosen_M, minlength=len(self.experts)).tolist()
        sorted_MD: Tensor = _Spread.apply(x_ND, order_M, back_M)  # type: ignore[no-untyped-call]
        asked = zip(self.experts, torch.split(sorted_MD, num_asked), strict=True)
        answers_MD = torch.cat([_answers(expert, part_MD, scope) for expert, part_MD in asked])
        found: Tensor = _Permute.apply(answers_MD, back_M, order_M)  # type: ignore[no-untyped-call]
        return found.view(*chosen_NK.shape, -1)


def _answers(expert: nn.Module, part_MD: Tensor, scope: ForwardPass) -> Tensor:
    is_rounded = part_MD.device.type == "cpu" and part_MD.dtype in (torch.bfloat16, torch.float16)
    num_zeros = -len(part_MD) % ROUND_ROWS if is_rounded else 0
    answers_MD: Tensor = expert(pad(part_MD, (0, 0, 0, num_zeros)), scope)
    return answers_MD[: len(part_MD)]


def balance(shares_BTE: Tensor, chosen_BTK: Tensor) -> Tensor:
    """The balance loss of each row, (B): 1 when all experts are asked alike."""
    num_experts = shares_BTE.shape[-1]
    chosen_BM = chosen_BTK.flatten(1)
    counts_BE = shares_BTE.new_zeros(len(chosen_BM), num_experts)
    counts_BE.scatter_add_(1, chosen_BM, torch.ones_like(chosen_BM, dtype=shares_BTE.dtype))
    asked_BE = counts_BE / chosen_BM.shape[1]
    return num_experts * (asked_BE * shares_BTE.mean(1)).sum(-1)


class _Spread(torch.autograd.Function):
    """x_ND -> x_MD: each position once for each of its K choices, in the order of the experts."""

    @staticmethod
    def forward(ctx: Any, x_ND: Tensor, order_M: Tensor, back_M: Tensor) -> Tensor:
        ctx.save_for_backward(back_M)
        ctx.num_positions = len(x_ND)
        return x_ND.index_select(0, order_M // (len(order_M) // len(x_ND)))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (back_M,) = ctx.saved_tensors
        grad_MD = gradients[0].index_select(0, back_M)
        grad_NKD = grad_MD.view(ctx.num_positions, -1, grad_MD.shape[1])
        return grad_NKD.sum(1), None, None


class _Permute(torch.autograd.Function):
    """x_MD -> x_MD[to_M]; `back_M` undoes it."""

    @staticmethod
    def forward(ctx: Any, x_MD: Tensor, to_M: Tensor, back_M: Tensor) -> Tensor:
        ctx.save_for_backward(back_M)
        return x_MD.index_select(0, to_M)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        return gradients[0].index_select(0, ctx.saved_tensors[0]), None, None


def mixture_reference(part: MixtureOfExperts, x_BTD: Tensor, scope: ForwardPass) -> Tensor:
    """Position by position: score the experts, ask the best, mix their answers."""
    rows = []
    for x_TD in x_BTD:
        answers = []
        for x_D in x_TD:
            shares_E = torch.softmax(part.router.weight @ x_D, 0)
            best = torch.argsort(shares_E, descending=True)[: part.num_active].tolist()
            total = sum(shares_E[e] for e in best) if part.num_active > 1 else 1.0
            answers.append(sum(shares_E[e] / total * part.experts[e](x_D, scope) for e in best))
        rows.append(torch.stack(answers))
    return torch.stack(rows)
