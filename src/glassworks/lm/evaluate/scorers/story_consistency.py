"""Story consistency: the model is told how a story begins and tells the rest; what was said once has to hold to the end.

In: held-out stories of the source `stories`, whose opening names the hero, the home, the thing and the wish. Out: one item a
story. It is right when the rest, written with the likeliest token each time, comes to its end, names no other hero, no other
thing and no other home, lets the same friend help to the end, and when the wish that comes true is the wish that was made. All of that is
read from the opening alone, so a model may tell the story in words of its own order and still be right.

Unusual: the words to look for are those of the grammar that made the stories (`lm/data/sources/stories.py`).
"""

import re
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from pydantic import Field

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import Checkpoint
from glassworks.lm.data import TokenReader
from glassworks.lm.data.sources.stories import COLORS, FRIENDS, GOALS, HEROES, PLACES, THINGS
from glassworks.lm.evaluate.scorers.base import ScoredItem, Scorer
from glassworks.lm.generate.generate import generate
from glassworks.lm.generate.settings import GenerateSettings
from glassworks.lm.tokenizer import Tokenizer
from glassworks.specs.base import Config as BaseConfig

OPENING_ENDS = "\n\n"


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})(?!\w)")


HERO = _any_of(" ".join(HEROES.values()).split())
THING = _any_of([f"{color} {thing}" for color in COLORS.split() for thing in THINGS.split()])
HOME = _any_of(list(PLACES.values()))
FRIEND = _any_of(list(FRIENDS))
GOAL, DONE = _any_of(list(GOALS)), _any_of(list(GOALS.values()))


class StoryConsistency(Scorer):
    """Share of stories that the model brings to an end without contradicting how they began."""

    class Config(BaseConfig):
        kind: Literal["story_consistency"] = Field(
            default="story_consistency",
            description="A story must keep its hero, thing, home, friend and wish to the end.",
        )
        max_items: int = Field(
            default=100, ge=1, description="Stories to tell, spread evenly over the held-out ones."
        )
        max_tokens: int = Field(default=300, ge=1, description="Longest rest of a story.")

    @staticmethod
    def score(
        config: Any,
        checkpoint: Checkpoint,
        tokenizer: Tokenizer,
        validation: TokenReader,
        progress: Callable[[int, int], None],
    ) -> list[ScoredItem]:
        """Raises InvalidSpec when the held-out documents are no such stories."""
        settings = GenerateSettings(temperature=0, max_tokens=config.max_tokens)
        openings = read_openings(validation, tokenizer, config.max_items)
        items = []
        for name, opening, rest in openings:
            prompt = [validation.end_id, *tokenizer.encode(opening)]
            pieces = list(generate(checkpoint, tokenizer, prompt, settings))
            told = "".join(piece.text for piece in pieces)
            is_right = pieces[-1].finish_reason == "end" and not contradictions(opening, told)
            items.append(ScoredItem(config.kind, name, opening, rest, told, float(is_right)))
            progress(len(items), len(openings))
        return items


def contradictions(opening: str, rest: str) -> list[str]:
    """What of `rest` does not fit `opening`, one word each: hero, thing, home, friend, wish."""
    found = []
    for what, pattern in (("hero", HERO), ("thing", THING), ("home", HOME)):
        if set(pattern.findall(rest)) - set(pattern.findall(opening)):
            found.append(what)
    if len(set(FRIEND.findall(rest))) != 1:
        found.append("friend")
    wished = set(GOAL.findall(opening))
    if (
        set(DONE.findall(rest)) != {GOALS[goal] for goal in wished}
        or set(GOAL.findall(rest)) - wished
    ):
        found.append("wish")
    return found


def read_openings(
    validation: TokenReader, tokenizer: Tokenizer, max_items: int
) -> list[tuple[str, str, str]]:
    """(id, opening with the blank line after it, rest) of held-out stories; of more than `max_items` some, spread evenly."""
    starts, names = validation.documents()
    stops = [*starts[1:], validation.num_tokens]
    chosen = np.linspace(0, len(names) - 1, num=min(max_items, len(names))).astype(np.int64)
    found = []
    for index in chosen:
        ids = validation.tokens_at(np.arange(starts[index], stops[index])).tolist()
        opening, blank, rest = tokenizer.decode(ids).partition(OPENING_ENDS)
        if not (blank and HERO.search(opening) and GOAL.search(opening) and THING.search(opening)):
            raise InvalidSpec(
                "no-stories",
                f"The held-out document {names[index]!r} is not a story of the source stories.",
                "Use a dataset of that source, or drop the scorer.",
                "scorers",
            )
        found.append((names[index], opening + blank, rest))
    return found
