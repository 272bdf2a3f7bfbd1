"""A longer vocabulary for a model that has learned: rows for new tokens in the embedding and in the head.

In: a model and the size that it shall know. Out: a new model. What was learned stays bit for bit: every old token has its
row, so its score after any text is what it was. A new row is the mean of the old ones plus a little noise: the new token
looks like any token. In the head, by Jensen's inequality, the mean row's share is at most that of an average token, so the
loss of old text rises by at most ln(1 + new / old), and by less the surer the model is. The noise, a hundredth of the
spread of the old rows, only keeps new tokens apart from each other.
Source: Hewitt, "Initializing New Word Embeddings for Pretrained Language Models" (2021).

Letters: V old vocabulary, N new tokens, D width.
"""

import torch
from torch import Tensor

from glassworks.lm.model.transformer import Transformer

NOISE = 0.01
"""Of the standard deviation of the old rows."""


def grow_vocabulary(model: Transformer, num_known: int, num_tokens: int, seed: int) -> Transformer:
    """The same model with `num_tokens` rows: the first `num_known` kept, the others new, spare rows of before included.

    Both in tokens, num_known <= num_tokens. Weights keep their dtype and device; equal seeds give equal bits.
    """
    architecture = model.architecture.model_copy(update={"vocab_size": num_tokens})
    generator = torch.Generator(device="cpu").manual_seed(seed)
    learned = dict(model.named_parameters())
    longer = Transformer(architecture).to(device=model.device, dtype=model.dtype)
    by_token = {"embedding.weight", "head.weight"}
    with torch.no_grad():
        for name, weight in longer.named_parameters():
            old = learned[name]
            weight.copy_(
                _longer(old[:num_known], num_tokens, generator) if name in by_token else old
            )
    return longer.train(model.training)


def _longer(rows_VD: Tensor, num_tokens: int, generator: torch.Generator) -> Tensor:
    rows_VD = rows_VD.float()
    num_new = num_tokens - len(rows_VD)
    noise_ND = torch.randn((num_new, rows_VD.shape[1]), generator=generator).to(rows_VD.device)
    spread_D = rows_VD.std(dim=0, unbiased=False)
    new_ND = rows_VD.mean(dim=0) + NOISE * spread_D * noise_ND
    return torch.cat([rows_VD, new_ND])
