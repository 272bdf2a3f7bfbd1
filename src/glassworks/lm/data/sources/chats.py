"""Conversations, made up by a rule: somebody says who they are and then asks small things, which are answered rightly.

In the first exchange the user tells a name, a town and a pastime. What follows are questions whose answers can be worked out
(sums, days, spelling, order, opposites), and questions about what was said at the beginning: to answer those, a model has to
look back.

Out: one document a conversation. `meta.messages` is the list of `{role, content}`, the text is its plain rendering, as for
chats that are read from files. The group is who asks (`Mira/Lisbon/rowing`), so what is held out is asked by somebody else.
Unusual: any number of documents, made one after another; a smaller number is the beginning of a larger one.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.draws import draw_rows
from glassworks.lm.data.sources.base import Reading, Source
from glassworks.lm.text.mapping import plain
from glassworks.specs.base import Config as BaseConfig

NAMES, TOWNS, PASTIMES, WORDS, DAYS = (
    line.split()
    for line in (
        "Mira Anna Nora Ida Lena Ruth Clara Zoe Tom Omar Felix Jonas Hugo Kofi Leo Arun",
        "Lisbon Oslo Accra Lima Kyoto Bergen Cairo Delft Quito Riga Turin Hanoi Perth Sofia",
        "skating rowing baking drawing hiking singing fishing sewing dancing gardening",
        "river candle window bottle garden furnace letter summer anchor pocket ladder mirror",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    )
)
OPPOSITES = {
    "hot": "cold",
    "early": "late",
    "heavy": "light",
    "open": "closed",
    "full": "empty",
    "near": "far",
    "loud": "quiet",
    "smooth": "rough",
}
GREETINGS = (
    "Hello, I am {0} from {1}, and I like {2}.",
    "Good morning. My name is {0}, I live in {1}, and what I do most is {2}.",
    "Hi there, {0} here. I am writing from {1}, where I spend my time {2}.",
)
WELCOMES = ("Hello {0}. What would you like to know?", "Welcome, {0}. Ask me anything.")
NUM_DRAWS = 3
"""Whole numbers that a question is made from."""


class Person(NamedTuple):
    """Who asks."""

    name: str
    town: str
    pastime: str


Exchange = tuple[str, str]
"""A question and its answer."""


class Chats(Source):
    """Conversations in which every answer follows from what was said."""

    class Config(BaseConfig):
        kind: Literal["chats"] = Field(default="chats", description="Generated conversations.")
        num_documents: int = Field(
            default=20_000, ge=1, le=1_000_000_000, description="How many conversations."
        )
        max_questions: int = Field(
            default=4, ge=1, le=32, description="Most questions after the greeting."
        )
        system: str = Field(
            default="",
            max_length=2000,
            description="What the system says before the conversation; empty: nothing.",
        )
        seed: int = Field(default=1337, ge=0, lt=2**31, description="Which conversations.")

    @staticmethod
    def read(config: Any) -> Reading:
        return Reading(_documents(config), config.num_documents)


def _documents(config: Any) -> Iterator[Document]:
    opening = [{"role": "system", "content": config.system}] if config.system.strip() else []
    for number, (person, exchanges) in enumerate(_conversations(config)):
        messages = [*opening]
        for question, answer in exchanges:
            messages.append({"role": "user", "content": question})
            messages.append({"role": "assistant", "content": answer})
        yield Document(
            id=f"chats:{number}",
            text=plain(messages),
            source="chats",
            group="/".join(person),
            meta={"messages": messages},
        )


def _conversations(config: Any) -> Iterator[tuple[Person, list[Exchange]]]:
    """Who asks, and what is asked and answered, the greeting first."""
    opening = [*map(len, (NAMES, TOWNS, PASTIMES, GREETINGS, WELCOMES)), config.max_questions]
    each = [len(QUESTIONS), *[1 << 32] * NUM_DRAWS]
    rows = draw_rows(config.seed, opening + each * config.max_questions)
    for row, _ in zip(rows, range(config.num_documents), strict=False):
        name, town, pastime, greeting, welcome, more_questions = row[: len(opening)]
        person = Person(NAMES[name], TOWNS[town], PASTIMES[pastime])
        exchanges = [(GREETINGS[greeting].format(*person), WELCOMES[welcome].format(*person))]
        for k in range(more_questions + 1):
            at = len(opening) + k * len(each)
            which, *numbers = row[at : at + len(each)]
            exchanges.append(QUESTIONS[which](person, numbers))
        yield person, exchanges


def _name(person: Person, _: list[int]) -> Exchange:
    return "Do you remember my name?", f"Yes, you are {person.name}."


def _town(person: Person, _: list[int]) -> Exchange:
    return "Where did I say I live?", f"You live in {person.town}."


def _pastime(person: Person, _: list[int]) -> Exchange:
    return "What do I like to do?", f"You told me about {person.pastime}."


def _sum(_: Person, numbers: list[int]) -> Exchange:
    left, right = numbers[0] % 100, numbers[1] % 100
    return f"What is {left} plus {right}?", f"{left} plus {right} is {left + right}."


def _larger(_: Person, numbers: list[int]) -> Exchange:
    one = numbers[0] % 1000
    other = (one + 1 + numbers[1] % 999) % 1000
    return f"Which is more, {one} or {other}?", f"{max(one, other)} is more."


def _day(_: Person, numbers: list[int]) -> Exchange:
    start, num_days = numbers[0] % 7, numbers[1] % 5 + 2
    day = DAYS[(start + num_days) % 7]
    return f"Today is {DAYS[start]}. What day is it in {num_days} days?", f"It will be {day}."


def _spell(_: Person, numbers: list[int]) -> Exchange:
    word = WORDS[numbers[0] % len(WORDS)]
    return f"How do you spell {word}?", f"{'-'.join(word)}."


def _length(_: Person, numbers: list[int]) -> Exchange:
    word = WORDS[numbers[0] % len(WORDS)]
    return f"How many letters are in the word {word}?", f"The word {word} has {len(word)} letters."


def _order(_: Person, numbers: list[int]) -> Exchange:
    left = list(WORDS)
    words = [left.pop(number % len(left)) for number in numbers]
    return (
        f"Put these words into alphabetical order: {', '.join(words)}.",
        f"{', '.join(sorted(words))}.",
    )


def _opposite(_: Person, numbers: list[int]) -> Exchange:
    word, opposite = list(OPPOSITES.items())[numbers[0] % len(OPPOSITES)]
    return f"What is the opposite of {word}?", f"The opposite of {word} is {opposite}."


QUESTIONS: tuple[Callable[[Person, list[int]], Exchange], ...] = (
    _name,
    _town,
    _pastime,
    _sum,
    _larger,
    _day,
    _spell,
    _length,
    _order,
    _opposite,
)
