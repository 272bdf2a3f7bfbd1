"""Story consistency: true stories hold together, each kind of slip is seen, and an untrained model tells none."""

import itertools
from pathlib import Path

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import Checkpoint
from glassworks.lm.data import Document, TokenReader, TokenWriter
from glassworks.lm.data.sources.stories import Stories
from glassworks.lm.evaluate.metrics import METRICS
from glassworks.lm.evaluate.scorers.story_consistency import (
    StoryConsistency,
    contradictions,
    read_openings,
)
from glassworks.lm.tokenizer.tokenizer import Tokenizer, save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from tests.lm.evaluate.models import tiny_model

STORIES = list(Stories.read(Stories.Config(num_documents=300)).documents)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    texts = (story.text for story in STORIES)
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=400), texts)
    return save_tokenizer(tmp_path_factory.mktemp("tok"), trained.inner, trained.roles)


def tokens_of(folder: Path, tokenizer: Tokenizer, documents: list[Document]) -> TokenReader:
    folder.mkdir()
    sizes = [len(token) for token in tokenizer.token_bytes]
    end = tokenizer.role_id("end")
    assert end is not None
    with TokenWriter(folder, sizes, end) as writer:
        for document in documents:
            writer.add(document.id, tokenizer.encode(document.text))
    return TokenReader(folder)


def parts(document: Document) -> tuple[str, str]:
    opening, _, rest = document.text.partition("\n\n")
    return opening, rest


def test_every_story_of_the_grammar_holds_together() -> None:
    for story in STORIES:
        assert contradictions(*parts(story)) == [], story.text


@pytest.mark.parametrize(
    ("what", "replaced", "by"),
    [
        ("hero", "hero", "Nobody Yuki Vera"),
        ("thing", "thing", "golden map or black bell"),
        ("friend", "friend", "a stranger"),
    ],
)
def test_a_slip_is_seen(what: str, replaced: str, by: str) -> None:
    for story in STORIES[:50]:
        opening, rest = parts(story)
        slipped = rest.replace(story.meta[replaced], by)
        assert slipped != rest
        assert what in contradictions(opening, slipped), slipped


def test_another_wish_that_comes_true_and_another_home_are_slips() -> None:
    for one, other in itertools.pairwise(STORIES):
        opening, _ = parts(one)
        found = contradictions(opening, parts(other)[1])
        assert ("wish" in found) == (one.meta["goal"] != other.meta["goal"])


def test_an_untrained_model_tells_no_story(tmp_path: Path, tokenizer: Tokenizer) -> None:
    reader = tokens_of(tmp_path / "tokens", tokenizer, STORIES[:6])
    model = tiny_model(tokenizer.vocab_size, context=32)
    checkpoint = Checkpoint(model, model.architecture, 0, "")
    told: list[tuple[int, int]] = []
    config = StoryConsistency.Config(max_items=3, max_tokens=10)
    items = StoryConsistency.score(config, checkpoint, tokenizer, reader, lambda *n: told.append(n))
    assert [item.score for item in items] == [0.0, 0.0, 0.0]
    assert [item.id for item in items] == ["stories:0", "stories:2", "stories:5"]
    assert items[0].prompt + items[0].expected == STORIES[0].text
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert "story_consistency" in METRICS.names()


def test_what_is_no_story_is_told(tmp_path: Path, tokenizer: Tokenizer) -> None:
    other = Document("poem", "Roses are red.", "s", "poem")
    reader = tokens_of(tmp_path / "tokens", tokenizer, [other])
    with pytest.raises(InvalidSpec, match="'poem' is not a story"):
        read_openings(reader, tokenizer, 5)
