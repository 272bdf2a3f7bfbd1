"""What each filter keeps, changes and takes out."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.common.errors import InvalidSpec
from glassworks.lm.data import Document
from glassworks.lm.data.filters import FILTERS, Changed, Removed, Verdict, personal_data
from glassworks.lm.data.filters.normalize_unicode import normalize
from glassworks.lm.data.filters.personal_data import spans
from glassworks.lm.data.filters.repair_mojibake import repaired
from glassworks.lm.data.minhash import rows_for, signature, similarity

PROSE = (
    "Glass that cools unevenly keeps stress. In annealing the ware is held until the stress has gone, "
    "and then it is cooled slowly past the strain point, so that none comes back."
)


def look(folder: Path, kind: str, *texts: str, **settings: Any) -> list[Verdict]:
    filter_class = FILTERS.load(kind)
    one = filter_class(filter_class.Config(**settings), folder)
    try:
        return [one.look(Document(f"d{n}", t, "s", f"d{n}")) for n, t in enumerate(texts)]
    finally:
        one.close()


def becomes(verdict: Verdict) -> str:
    assert isinstance(verdict, Changed)
    return verdict.text


def test_every_filter_leaves_good_prose_alone(tmp_path: Path) -> None:
    for kind in FILTERS.names():
        settings = {"pattern": "x{9}"} if kind == "pattern" else {}
        wish = {"min_characters": 10} if kind == "length" else settings
        (tmp_path / kind).mkdir()
        assert look(tmp_path / kind, kind, PROSE, **wish) == [None], kind


def test_unicode_in_one_form(tmp_path: Path) -> None:
    (verdict,) = look(tmp_path, "normalize_unicode", "Gla\u0308ser\u00adn\u200b\u00a0x\r\ny")
    assert becomes(verdict) == "Gläsern x\ny"
    assert normalize("ﬁ", "NFKC") == "fi"
    assert normalize("👩\u200d🔬") == "👩\u200d🔬"


@given(st.text())
def test_one_form_is_reached_at_once(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])))
def test_mojibake_is_turned_back(text: str) -> None:
    try:
        broken = text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return
    if broken != text and repaired(text) == text:
        assert repaired(broken) == text


def test_mojibake_twice_and_none(tmp_path: Path) -> None:
    twice = "Gläser".encode().decode("cp1252").encode().decode("cp1252")
    right = "Ångström à la carte, Größe “x”"
    verdicts = look(tmp_path, "repair_mojibake", twice, right)
    assert becomes(verdicts[0]) == "Gläser"
    assert verdicts[1] is None


def test_length(tmp_path: Path) -> None:
    found = look(
        tmp_path, "length", "a" * 9, "a" * 10, "a" * 21, min_characters=10, max_characters=20
    )
    assert [type(verdict) for verdict in found] == [Removed, type(None), Removed]


@pytest.mark.parametrize(
    "text",
    [
        "too few words",
        " ".join(["1,182"] * 30),
        " ".join(["x" * 40] * 30),
        "\n".join(f"- item number {n}" for n in range(20)),
        " ".join(["word ..."] * 20),
    ],
)
def test_quality(text: str, tmp_path: Path) -> None:
    assert isinstance(look(tmp_path, "quality", text)[0], Removed)


def test_repetition(tmp_path: Path) -> None:
    lines = "\n".join(["Remove all packing first."] * 5 + [PROSE])
    runs = "one two three four five six " * 10 + PROSE
    found = look(tmp_path, "repetition", lines, runs, PROSE)
    assert isinstance(found[0], Removed) and "lines" in found[0].reason
    assert isinstance(found[1], Removed) and "runs of 5 words" in found[1].reason
    assert found[2] is None


def test_exact_copies_name_their_twin(tmp_path: Path) -> None:
    found = look(tmp_path, "exact_duplicates", "one", "two", " one\n")
    assert found[:2] == [None, None]
    assert isinstance(found[2], Removed) and found[2].twin
    assert (found[2].twin.id, found[2].twin.similarity) == ("d0", 1.0)


def words(begin: int, num: int) -> str:
    return " ".join(f"word{n}" for n in range(begin, begin + num))


def test_near_copies(tmp_path: Path) -> None:
    near, half, other = words(0, 196) + " new end of it", words(100, 200), words(5000, 200)
    found = look(tmp_path, "near_duplicates", words(0, 200), near, half, other)
    assert isinstance(found[1], Removed) and found[1].twin
    assert found[1].twin.id == "d0"
    assert 0.85 < found[1].twin.similarity <= 1
    assert found[2:] == [None, None]


@pytest.mark.parametrize("shared", [0, 50, 100, 150, 180])
def test_the_estimate_is_near_the_share(shared: int) -> None:
    one, other = words(0, 200), words(200 - shared, 200)
    runs = 200 - 4
    common = max(0, shared - 4)
    true = common / (2 * runs - common)
    assert similarity(signature(one), signature(other)) == pytest.approx(true, abs=0.14)


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
def test_bands_find_what_is_above_the_threshold(threshold: float) -> None:
    rows = rows_for(threshold)
    assert 1 - (1 - threshold**rows) ** (128 // rows) >= 0.95


PERSONAL = {
    "write to anna.b+x@mail.example.org today": "write to EMAIL today",
    "card 4111 1111 1111 1111, please": "card CARD, please",
    "IBAN DE89 3704 0044 0532 0130 00.": "IBAN IBAN.",
    "call +49 30 901820 or 030/901 820": "call PHONE or PHONE",
    "from 8.8.8.8 and 2001:4860:4860::8888": "from IP and IP",
    "key AKIAIOSFODNN7EXAMPLE in it": "key SECRET in it",
    "token ghp_" + "a1B2" * 9: "token SECRET",
}


@pytest.mark.parametrize(("text", "masked"), PERSONAL.items())
def test_personal_data_is_masked(text: str, masked: str, tmp_path: Path) -> None:
    assert becomes(look(tmp_path, "personal_data", text)[0]) == masked
    assert isinstance(look(tmp_path, "personal_data", text, action="drop")[0], Removed)


@pytest.mark.parametrize(
    "text",
    [
        "card 4111 1111 1111 1112",
        "version 10.0.0.1 and 192.168.0.1",
        "in 1984 and 2001-2003, at 12:30:45",
        "furnace 2 at 1,182 °C, batch 14",
        "user@localhost",
        "0.123456789012345",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert list(spans(text)) == []


def test_an_account_needs_its_check_digits() -> None:
    assert list(spans("DE89 3704 0044 0532 0130 01", ("iban",))) == []


def test_only_what_is_looked_for(tmp_path: Path) -> None:
    text = "anna@example.org, 8.8.8.8"
    (verdict,) = look(tmp_path, "personal_data", text, look_for=("ip",))
    assert becomes(verdict) == "anna@example.org, IP"


def test_pattern(tmp_path: Path) -> None:
    drop = look(tmp_path, "pattern", "a DRAFT", "final", pattern="DRAFT")
    assert isinstance(drop[0], Removed) and drop[0].span == (2, 7)
    assert drop[1] is None
    keep = look(tmp_path, "pattern", "a DRAFT", "final", pattern="DRAFT", action="keep")
    assert keep[0] is None and isinstance(keep[1], Removed)
    settings = {"pattern": r"(\d+) C", "action": "replace", "replacement": r"\1 °C"}
    assert becomes(look(tmp_path, "pattern", "516 C", **settings)[0]) == "516 °C"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"pattern": "("}, "bad-pattern"),
        ({"pattern": ""}, "bad-pattern"),
        ({"pattern": "a", "action": "replace", "replacement": r"\3"}, "bad-pattern"),
        ({"pattern": r"(a|aa)+$"}, "slow-pattern"),
    ],
)
def test_patterns_that_cannot_be_used(settings: dict[str, str], code: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSpec) as caught:
        look(tmp_path, "pattern", "a" * 80 + "!", **settings)
    assert caught.value.code == code


SECRETS = [
    "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
    *(f"{start}{'A1' * 8}" for start in ("AKIA", "ASIA")),
    *(f"gh{kind}_{'a1B2' * 9}" for kind in "pousr"),
    "github_pat_" + "a1" * 41,
    *("sk-" + "a1" * 10, "hf_" + "a1" * 15, "AIza" + "a1B2c" * 7),
    *(f"xox{kind}-{'a1' * 5}" for kind in "abprs"),
    "eyJ" + "a" * 10 + ".eyJ" + "b" * 10 + "." + "c" * 10,
]
PIECES = st.sampled_from(
    [*PERSONAL, *SECRETS, "a@b.org", "1.2.3.4", "::1", "a:b:c", "8.8.8.8", "٣٤٥", " ", "x"]
)


@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_what_is_not_searched_would_not_be_found(text: str) -> None:
    found = list(spans(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(personal_data, "_can_hold", lambda *_: True)
        assert list(spans(text)) == found


@pytest.mark.parametrize("secret", SECRETS)
def test_every_kind_of_secret_is_found(secret: str) -> None:
    assert [kind for kind, _, _ in spans(f"key {secret} in it")] == ["secret"]
