"""The peer: a minimal PyTorch trainer as one writes it from scratch: GPT-2's shape, SDPA, AdamW, autocast where bf16 is fast.

Legend: B batch, T time, D width, H heads, V vocabulary.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.contestant import Burst, compete


class Block(nn.Module):
    """Attention and a feed-forward of four times the width, each on the norm of what it adds to."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x_BTD: Tensor) -> Tensor:
        x_BTD = x_BTD + self._attend(self.norm_1(x_BTD))
        hidden_BTF = functional.gelu(self.up(self.norm_2(x_BTD)))
        y_BTD: Tensor = x_BTD + self.down(hidden_BTF)
        return y_BTD

    def _attend(self, x_BTD: Tensor) -> Tensor:
        batch, time, width = x_BTD.shape
        q, k, v = (
            part.view(batch, time, self.heads, -1).transpose(1, 2)
            for part in self.qkv(x_BTD).split(width, dim=-1)
        )
        mixed_BHTK = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        y_BTD: Tensor = self.out(mixed_BHTK.transpose(1, 2).reshape(batch, time, width))
        return y_BTD


class Plain(nn.Module):
    """Tokens and learned positions, blocks, a norm, a head that is the embedding."""

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__()
        width = settings["width"]
        self.token = nn.Embedding(settings["vocab_size"], width)
        self.position = nn.Embedding(settings["context"], width)
        self.blocks = nn.ModuleList(
            Block(width, settings["heads"]) for _ in range(settings["layers"])
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, settings["vocab_size"], bias=False)
        self.head.weight = self.token.weight

    def forward(self, ids_BT: Tensor) -> Tensor:
        x_BTD = self.token(ids_BT) + self.position.weight[: ids_BT.shape[1]]
        for block in self.blocks:
            x_BTD = block(x_BTD)
        return self.head(self.norm(x_BTD))  # type: ignore[no-any-return]


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    torch.manual_seed(1)
    model = Plain(settings)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
    ids_BT = torch.randint(0, settings["vocab_size"], (settings["batch"], settings["context"] + 1))
    is_autocast = settings["dtype"] == "bf16"
    is_compiled = settings.get("compile", False)
    scores_of = torch.compile(model) if is_compiled else model

    def burst(steps: int) -> int:
        for _ in range(steps):
            with torch.autocast("cpu", torch.bfloat16, enabled=is_autocast):
                scores_BTV = scores_of(ids_BT[:, :-1])
                loss = functional.cross_entropy(scores_BTV.flatten(0, 1), ids_BT[:, 1:].flatten())
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        return int(steps * settings["batch"] * settings["context"])

    parameters = sum(p.numel() for p in model.parameters())
    dtype = "bf16 autocast" if is_autocast else "fp32"
    about = {"parameters": parameters, "dtype": dtype, "optimizer": "adamw"}
    return burst, {**about, "is_compiled": is_compiled}


if __name__ == "__main__":
    compete(prepare)
