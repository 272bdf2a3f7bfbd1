"""Find secrets and personal data, and mask them, or take the document out.

Found are: e-mail and IP addresses, phone numbers, card numbers (by their check digit, Luhn), bank accounts (IBAN, by its check
digits), private keys, and keys of well-known services. Names and addresses of people are not found: that takes a model.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Literal

from pydantic import Field

from glassworks.lm.data.documents import Document
from glassworks.lm.data.filters.base import Changed, Filter, Removed, Verdict
from glassworks.specs.base import Config as BaseConfig

Kind = Literal["email", "phone", "card", "iban", "ip", "secret"]
KINDS: tuple[Kind, ...] = ("secret", "email", "iban", "card", "phone", "ip")
"""In this order: what an earlier kind covers is not looked at again."""


class PersonalData(Filter):
    """Mask secrets and personal data, or take out what holds them."""

    class Config(BaseConfig):
        kind: Literal["personal_data"] = Field(
            default="personal_data",
            description="Mask secrets and personal data, or take out what holds them.",
        )
        action: Literal["mask", "drop"] = Field(
            default="mask", description="Mask each (`EMAIL`, `PHONE` ...), or drop the document."
        )
        look_for: tuple[Kind, ...] = Field(default=KINDS, description="What is looked for.")

    def look(self, document: Document) -> Verdict:
        found = list(spans(document.text, self.config.look_for))
        if not found:
            return None
        first = found[0]
        kinds = sorted({kind for kind, _, _ in found})
        told = f"{len(found)} found: {', '.join(kinds)}"
        if self.config.action == "drop":
            return Removed(told, first[1:])
        return Changed(_masked(document.text, found), told, first[1:])


Span = tuple[Kind, int, int]


def spans(text: str, kinds: tuple[Kind, ...] = KINDS) -> Iterator[Span]:
    """(kind, start, stop) of what was found, in the order of the text, none in another."""
    taken: list[Span] = []
    has_digit = DIGIT.search(text) is not None
    for kind in (one for one in KINDS if one in kinds):
        if not _can_hold(text, kind, has_digit):
            continue
        pattern, is_real = FINDERS[kind]
        for match in pattern.finditer(text):
            start, stop = match.span()
            if is_real(match.group()) and all(stop <= s or start >= e for _, s, e in taken):
                taken.append((kind, start, stop))
    yield from sorted(taken, key=lambda span: span[1])


def _can_hold(text: str, kind: Kind, has_digit: bool) -> bool:
    """Whether a text has the characters that any of a kind has: hardly a text does, and this costs a tenth of the search."""
    if kind == "email":
        return "@" in text
    if kind == "secret":
        return any(mark in text for mark in SECRET_MARKS)
    if kind == "ip":
        return (has_digit and "." in text) or text.count(":") > 1
    return has_digit


def _masked(text: str, found: list[Span]) -> str:
    parts, at = [], 0
    for kind, start, stop in found:
        parts += [text[at:start], kind.upper()]
        at = stop
    return "".join([*parts, text[at:]])


def _is_card(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [
        d if at % 2 == 0 else sum(divmod(2 * d, 10)) for at, d in enumerate(reversed(digits))
    ]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _is_ip(text: str) -> bool:
    try:
        return ip_address(text).is_global
    except ValueError:
        return False


def _is_phone(text: str) -> bool:
    return 8 <= sum(c.isdigit() for c in text) <= 15


def _always(_: str) -> bool:
    return True


DIGIT = re.compile(r"\d")
SECRET_MARKS = (
    *("-----BEGIN ", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    *("sk-", "hf_", "xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "AIza", "eyJ"),
)
"""Every secret holds one of them."""
FINDERS: dict[Kind, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "secret": (
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{1,10000}?-----END [A-Z ]{0,30}PRIVATE KEY-----"
            r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[0-9A-Za-z]{36}\b|\bgithub_pat_\w{82}\b"
            r"|\bsk-[0-9A-Za-z_-]{20,200}\b|\bhf_[0-9A-Za-z]{30,60}\b|\bxox[abprs]-[0-9A-Za-z-]{10,200}\b"
            r"|\bAIza[0-9A-Za-z_-]{35}\b|\beyJ[\w-]{10,1000}\.eyJ[\w-]{10,2000}\.[\w-]{10,1000}"
        ),
        _always,
    ),
    "email": (re.compile(r"\b[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"), _always),
    "iban": (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), _is_iban),
    "card": (re.compile(r"\b\d(?:[ -]?\d){12,18}\b"), _is_card),
    "phone": (
        re.compile(
            r"(?<![\w.])(?:\+\d{1,3}|\(?0\d{1,5}\)?)(?:[ ./-]?\(?\d{2,8}\)?){2,5}(?![\w.]?\d)"
        ),
        _is_phone,
    ),
    "ip": (
        re.compile(
            r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4}){2,7})(?![\w:]|\.\d)"
        ),
        _is_ip,
    ),
}
