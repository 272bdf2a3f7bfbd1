"""Sums, made up. Numbers are written units first, as one adds on paper: 123+456=579 is `321+654=9750`.

So each digit of the answer comes after its carry, and always stands equally far from the two digits that it is the sum
of: 8 and 4 places. Written the usual way the answer's first digit depends on all that follow.
Source: Lee et al., "Teaching Arithmetic to Small Transformers" (2023).

Out: one document a sum, in a random order that the seed fixes, no sum twice. The group is the unordered pair
(`123+456`), so a sum and its mirror image stay on one side of a split. `meta.answer_start` is the offset of the answer's
first character: what comes before it is a question that nobody can foresee and is not trained on.
"""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from glassworks.lm.data.documents import Document
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.specs.base import Config as BaseConfig


class Arithmetic(Source):
    """Sums of two numbers with a fixed number of digits."""

    class Config(BaseConfig):
        kind: Literal["arithmetic"] = Field(default="arithmetic", description="Generated sums.")
        num_digits: int = Field(default=3, ge=1, le=6, description="Digits of each summand.")
        num_documents: int = Field(default=50_000, ge=2, description="How many different sums.")
        is_reversed: bool = Field(
            default=True, description="Write units first, in the summands and in the answer."
        )
        seed: int = Field(default=1337, ge=0, lt=2**31, description="Which sums, in which order.")

        @model_validator(mode="after")
        def _check_number(self) -> "Arithmetic.Config":
            if self.num_documents > 100**self.num_digits:
                raise ValueError(
                    f"there are only {100**self.num_digits:,} sums of {self.num_digits}-digit numbers"
                )
            return self

    @staticmethod
    def read(config: Any) -> Reading:
        return Reading(_documents(config), config.num_documents)


def _documents(config: Any) -> Iterator[Document]:
    width, base = config.num_digits, 10**config.num_digits
    for sum_index in _different(config.num_documents, base * base, config.seed):
        left, right = divmod(sum_index, base)
        numbers = f"{left:0{width}}", f"{right:0{width}}", f"{left + right:0{width + 1}}"
        one, two, answer = (n[::-1] for n in numbers) if config.is_reversed else numbers
        question = f"{one}+{two}="
        low, high = min(left, right), max(left, right)
        yield Document(
            id=f"{left:0{width}}+{right:0{width}}",
            text=question + answer,
            source="arithmetic",
            group=f"{low:0{width}}+{high:0{width}}",
            meta={"answer_start": len(question)},
        )


def _different(num: int, limit: int, seed: int) -> list[int]:
    """`num` different integers below `limit`, in random order, from a stream that every numpy draws alike."""
    bits = np.random.Philox(key=seed)
    found: dict[int, None] = {}
    while len(found) < num:
        draws = bits.random_raw(2 * (num - len(found)) + 16) % np.uint64(limit)
        found.update(dict.fromkeys(int(draw) for draw in draws))
    return list(found)[:num]
