"""The peer: a plain PyTorch loop round `transformers`' GPT-2 of the same size, AdamW, autocast where bf16 is fast."""

from typing import Any

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from benchmarks.contestant import Burst, compete


def prepare(settings: dict[str, Any]) -> tuple[Burst, dict[str, Any]]:
    torch.manual_seed(1)
    model = GPT2LMHeadModel(_config(settings))
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
    ids = torch.randint(0, settings["vocab_size"], (settings["batch"], settings["context"]))
    is_autocast = settings["dtype"] == "bf16"

    def burst(steps: int) -> int:
        for _ in range(steps):
            with torch.autocast("cpu", torch.bfloat16, enabled=is_autocast):
                loss = model(input_ids=ids, labels=ids).loss
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        return int(steps * ids.numel())

    parameters = sum(p.numel() for p in model.parameters())
    dtype = "bf16 autocast" if is_autocast else "fp32"
    return burst, {"parameters": parameters, "dtype": dtype, "optimizer": "adamw"}


def _config(settings: dict[str, Any]) -> Any:
    return GPT2Config(
        vocab_size=settings["vocab_size"],
        n_positions=settings["context"],
        n_embd=settings["width"],
        n_layer=settings["layers"],
        n_head=settings["heads"],
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        use_cache=False,
    )


if __name__ == "__main__":
    compete(prepare)
