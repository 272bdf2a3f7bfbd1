"""What a tokenizer is: `{tokenizer}` -> `{kind, vocab_size, num_merges, is_lossless, losses, special_tokens, ...}`."""

from typing import TYPE_CHECKING, Any

from glassworks.specs.base import Spec
from glassworks.worker.ops.base import Op

if TYPE_CHECKING:
    from glassworks.lm.tokenizer import Tokenizer


def kind_in_words(tokenizer: "Tokenizer") -> str:
    """`byte-level BPE`, `bytes`, `characters`, `whole words`, or as the field calls it."""
    layout = tokenizer.layout
    if layout.is_byte_level and layout.model == "BPE":
        return "byte-level BPE" if layout.merges else "bytes"
    if layout.model == "WordLevel":
        longest = max(
            (
                len(tokenizer.spelling(id_))
                for id_ in range(tokenizer.vocab_size)
                if tokenizer.spelling(id_) not in tokenizer.special_ids
            ),
            default=0,
        )
        return "characters" if longest == 1 else "whole words"
    return layout.model


class TokenizerAbout(Op):
    """Kind and size of a tokenizer, its special tokens by role, and what it loses."""

    class Args(Spec):
        tokenizer: str

    def run(self, args: Args) -> dict[str, Any]:
        from glassworks.lm.tokenizer.losses import losses
        from glassworks.worker.ops._tokenizers import open_tokenizer

        tokenizer = open_tokenizer(args.tokenizer)
        layout = tokenizer.layout
        roles = {special.token: role for role, special in tokenizer.roles.items()}
        specials = sorted(tokenizer.special_ids.items(), key=lambda entry: entry[1])
        return {
            "kind": kind_in_words(tokenizer),
            "vocab_size": tokenizer.vocab_size,
            "num_merges": len(layout.merges),
            "pattern": layout.pattern,
            "encoder": tokenizer.encoder_name,
            "is_lossless": tokenizer.is_lossless,
            "losses": [vars(loss) for loss in losses(tokenizer)],
            "special_tokens": [
                {"token": token, "id": id_, "role": roles.get(token)} for token, id_ in specials
            ],
            "chat_template": tokenizer.chat_template,
        }
