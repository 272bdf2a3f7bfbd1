"""Supervised next token: the model learns to answer, not to ask.

The loss is that of `next_token`, summed over the marked tokens alone: what the assistant wrote, with the token that ends
its turn. What the user and the system wrote is read, and attention sees it, but nothing is learned from guessing it. The
marks are made when a conversation is tokenized (`tokenize_dataset`, `train_on`), where its template says which words are
whose; here they are demanded. `next_token` respects marks too; this objective refuses tokens that have none, so that a
mistake in the recipe does not quietly teach the model to speak for the user.

    loss = - sum over marked targets of ln p(target) / number of marked targets

Source: Ouyang et al. 2022, "Training language models to follow instructions with human feedback" (its first step).
"""

from typing import Literal

from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.lm.data.tokens import TokenReader
from glassworks.lm.train.objectives.base import ObjectiveConfig
from glassworks.lm.train.objectives.next_token import NextToken


class SupervisedNextTokenConfig(ObjectiveConfig):
    """Settings of supervised next-token prediction: none yet."""

    kind: Literal["supervised_next_token"] = Field(
        default="supervised_next_token",
        description="Guess each token of the assistant's answers; the questions are only read.",
    )


class SupervisedNextToken(NextToken):
    """- mean over the marked targets of ln p(target)."""

    Config = SupervisedNextTokenConfig
    is_chat = True

    def check(self, reader: TokenReader) -> str:
        if not reader.has_mask or not reader.num_trained:
            raise InvalidSpec(
                "nothing-marked",
                "In these tokens nothing is marked as the assistant's, so there is nothing to learn an answer from.",
                "Tokenize conversations with train_on=assistant or last_assistant, or use the objective next_token.",
                "objective.kind",
            )
        share = reader.num_trained / reader.num_tokens
        return (
            f"The model learns from {share:.0%} of the tokens: {reader.num_trained:,} that the assistant wrote. "
            "The rest is read only."
        )
