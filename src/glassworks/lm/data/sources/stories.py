"""Stories, made up by a small grammar: somebody has a thing and a wish, loses the thing, looks for it, and gets there.

What is said once holds to the end: the hero keeps name, pronoun and home, the thing its colour, the wish its words, and the
friend who is asked is the friend who helps. A model that has learned this names the right one far from where it was named.

Out: one document a story. The group is the cast without the friend (`Mira/harbor/red kite/win the spring race`), so a story
that is held out is about somebody of whom nothing was told. `meta` names the cast. Unusual: any number of documents, made
one after another; a smaller number is the beginning of a larger one.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.draws import draw_rows
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.specs.base import Config as BaseConfig

HEROES = {
    "she": "Mira Anna Nora Ida Lena Ruth Clara Zoe Hana Priya Amina Elsa Rosa Vera Tilda Yuki",
    "he": "Tom Omar Felix Jonas Hugo Kofi Leo Arun Pavel Emil Oskar Diego Finn Samir Theo Bruno",
}
PRONOUNS = {"she": ("she", "her", "her"), "he": ("he", "him", "his")}
"""Subject, object, possessive."""
FRIENDS = (
    "Mr. Abel",
    "Mrs. Birk",
    "Aunt Greta",
    "Uncle Sol",
    "Old Petra",
    "Captain Juno",
    "Doctor Lind",
    "Miss Quill",
)
PLACES = {
    "harbor": "by the harbor",
    "mill": "beside the mill",
    "lighthouse": "under the lighthouse",
    "forest": "at the edge of the forest",
    "market": "behind the market",
    "bridge": "next to the bridge",
    "orchard": "in the orchard",
    "castle": "below the castle",
    "glassworks": "across from the glassworks",
    "river": "along the river",
    "quarry": "near the quarry",
    "station": "above the station",
}
COLORS = "red blue green yellow white black silver brown golden purple"
THINGS = "kite drum lantern basket whistle compass scarf bell hammer violin key map book"
GOALS = {
    "win the spring race": "won the spring race",
    "bake bread for the fair": "baked bread for the fair",
    "build a boat": "built a boat",
    "play at the wedding": "played at the wedding",
    "find the hidden well": "found the hidden well",
    "paint the school": "painted the school",
    "see the far mountains": "saw the far mountains",
    "plant a hundred trees": "planted a hundred trees",
    "write a letter to the queen": "wrote a letter to the queen",
    "mend the old clock": "mended the old clock",
    "teach the crow to speak": "taught the crow to speak",
    "sing in front of everyone": "sang in front of everyone",
}
"""What is wished for, and how it is told once it is done."""

BEGINNINGS = (
    "%(hero)s lived %(home)s. %(She)s had a %(thing)s and took it everywhere.",
    "Once there was somebody called %(hero)s who lived %(home)s and never went out without a %(thing)s.",
    "In a small house %(home)s lived %(hero)s. Of all that %(she)s owned, %(she)s liked %(her)s %(thing)s best.",
    "Everyone %(home)s knew %(hero)s, because %(she)s always carried a %(thing)s.",
)
WISHES = (
    "More than anything else, %(hero)s wanted to %(goal)s.",
    '"One day I will %(goal)s," %(hero)s said every evening.',
    "%(She)s had only one wish: to %(goal)s.",
    "%(hero)s dreamed of the day when %(she)s would %(goal)s.",
)
LOSSES = (
    "One windy morning the %(thing)s was gone.",
    "But when %(hero)s woke up on Monday, the %(thing)s was not in its place.",
    "Then, in a night of heavy rain, somebody took the %(thing)s.",
    "Then came the day on which %(hero)s lost the %(thing)s.",
)
SEARCHES = (
    "%(hero)s looked under the bed, but found no %(thing)s there.",
    '"Have you seen my %(thing)s?" %(hero)s asked the baker. "I need it to %(goal)s." The baker had not seen it.',
    "%(She)s walked all the way round the %(place)s and came back without the %(thing)s.",
    'A dog barked at %(hero)s. "You did not take my %(thing)s, did you?" %(she)s asked it.',
    "At noon %(hero)s sat down and thought of how %(she)s had meant to %(goal)s.",
    "Some children %(home)s searched with %(him)s, until their mothers called them in.",
    "%(hero)s wrote on a piece of paper: lost, a %(thing)s, bring it to %(hero)s %(home)s.",
    "It grew dark, and still nobody had found what belonged to %(hero)s.",
)
"""As many as a power of two: an odd step then visits each before any comes again."""
HELPS = (
    'At last %(friend)s came to the door. "Is this yours, %(hero)s?" asked %(friend)s and held up the %(thing)s.',
    'There %(hero)s met %(friend)s, who smiled. "A %(thing)s lies behind my house," said %(friend)s. "Come and see."',
    "It was %(friend)s who heard of it and brought the %(thing)s back to the house %(home)s.",
    'In the end %(hero)s asked %(friend)s. "I have kept your %(thing)s dry for you," said %(friend)s.',
)
ENDINGS = (
    "%(hero)s thanked %(friend)s. With the %(thing)s in %(her)s hand %(she)s set out, and before the week was over %(she)s %(done)s.",
    "So it came that %(hero)s %(done)s, and %(friend)s saw it. The %(thing)s was never lost again.",
    'Soon %(hero)s %(done)s. "Without you I could not have done it," %(she)s told %(friend)s, and went home to the %(place)s.',
    "A year later %(hero)s %(done)s. The %(thing)s hangs %(home)s to this day, and %(friend)s tells everyone whose it is.",
)


class Stories(Source):
    """Short stories in which everything stays what it is."""

    class Config(BaseConfig):
        kind: Literal["stories"] = Field(default="stories", description="Generated stories.")
        num_documents: int = Field(
            default=20_000, ge=1, le=1_000_000_000, description="How many stories."
        )
        max_searches: int = Field(
            default=4,
            ge=1,
            le=len(SEARCHES),
            description="Most places where the hero looks; the more, the longer the story and the "
            "farther apart what belongs together.",
        )
        seed: int = Field(default=1337, ge=0, lt=2**31, description="Which stories.")

    @staticmethod
    def read(config: Any) -> Reading:
        return Reading(_documents(config), config.num_documents)


def _documents(config: Any) -> Iterator[Document]:
    casts: list[Sequence[Any]] = [
        _heroes(),
        list(PLACES.items()),
        _things(),
        list(GOALS.items()),
        FRIENDS,
    ]
    parts = [BEGINNINGS, WISHES, LOSSES, HELPS, ENDINGS]
    limits = [*map(len, casts), *map(len, parts), config.max_searches, len(SEARCHES), 4]
    rows = draw_rows(config.seed, limits)
    for number, row in zip(range(config.num_documents), rows, strict=False):
        cast = _cast(*(choices[k] for choices, k in zip(casts, row, strict=False)))
        yield Document(
            id=f"stories:{number}",
            text=_pattern(row[5:10], *row[10:]) % cast,
            source="stories",
            group=f"{cast['hero']}/{cast['place']}/{cast['thing']}/{cast['goal']}",
            meta={key: cast[key] for key in ("hero", "place", "thing", "goal", "friend")},
        )


def _heroes() -> list[dict[str, str]]:
    """Each hero with the words that stand for the name."""
    return [
        {"hero": name, "She": she.capitalize(), "she": she, "him": him, "her": her}
        for pronoun, names in HEROES.items()
        for name in names.split()
        for she, him, her in (PRONOUNS[pronoun],)
    ]


def _things() -> list[str]:
    return [f"{color} {thing}" for color in COLORS.split() for thing in THINGS.split()]


def _cast(
    hero: dict[str, str], place: tuple[str, str], thing: str, goal: tuple[str, str], friend: str
) -> dict[str, str]:
    """All that stays the same through a story, by the names that the sentences use."""
    return {
        **hero,
        "place": place[0],
        "home": place[1],
        "thing": thing,
        "goal": goal[0],
        "done": goal[1],
        "friend": friend,
    }


def _pattern(told: list[int], more_searches: int, first: int, stride: int) -> str:
    """The sentences of a story, chosen, with the cast still open. No search is told twice."""
    beginning, wish, loss, help_, ending = told
    searches = [
        SEARCHES[(first + k * (2 * stride + 1)) % len(SEARCHES)] for k in range(more_searches + 1)
    ]
    opening = f"{BEGINNINGS[beginning]} {WISHES[wish]}"
    middle = f"{LOSSES[loss]} {' '.join(searches)}"
    return f"{opening}\n\n{middle}\n\n{HELPS[help_]} {ENDINGS[ending]}"
