"""The helper's answers about tokenizers, typed.

Two helpers answer: one at once, one that counts in datasets, which takes seconds and must not hold up a person who types.
Unusual: a helper opens whatever path it is told, so every reference is resolved to an artifact or a known name first.
"""

from dataclasses import asdict
from typing import Any

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.engine.references import resolve_artifact
from glassworks.engine.tokenizers import (
    KNOWN_PREFIX,
    NamedTokenizer,
    find_tokenizer,
    learned_from,
    list_tokenizers,
)
from glassworks.engine.tools_client import ToolsClient
from glassworks.server.features.tokenizers import asks, schemas
from glassworks.server.http.context import Context
from glassworks.server.http.paging import decode_cursor, encode_cursor

QUICK_LIMIT_S = 60.0
COUNTING_LIMIT_S = 300.0
OF_THE_ASKER = {"lone-surrogate", "text-outside-vocabulary", "bad-template", "template-rewrites"}
"""Codes of BadData that speak of a text or template in the question."""
Json = dict[str, Any]


class QuickHelper(ToolsClient):
    """Answers what depends on a short text."""


class CountingHelper(ToolsClient):
    """Answers what is counted in a dataset."""


def rows(context: Context, project: str) -> schemas.TokenizerList:
    own = [
        schemas.TokenizerRow.model_validate(row)
        for row in list_tokenizers(context.workshop.store, project)
    ]
    known = [
        schemas.TokenizerRow(
            ref=KNOWN_PREFIX + one["name"],
            label=one["title"],
            kind="known",
            name=one["name"],
            is_present=one["is_present"],
            note=one["note"],
            package=one["package"],
        )
        for one in _quick(context, "tokenizer_known")["known"]
    ]
    return schemas.TokenizerList(items=(*own, *known))


def about(context: Context, ref: str, project: str) -> schemas.TokenizerAbout:
    store = context.workshop.store
    named = find_tokenizer(store, ref, project)
    found = _quick(context, "tokenizer_about", tokenizer=named.where)
    who = {key: value for key, value in asdict(named).items() if key != "where"}
    type_ = found.pop("kind")
    dataset = learned_from(store, named)
    return schemas.TokenizerAbout.model_validate(
        {**who, **found, "type": type_, "dataset": dataset}
    )


def encode(context: Context, ask: asks.EncodeAsk) -> schemas.EncodedView:
    asked = {"texts": [ask.text], "with_special": ask.allow_special, "has_tokens": True}
    found = _quick(context, "tokenizer_encode", tokenizer=_where(context, ask), **asked)
    size = {"num_bytes": len(ask.text.encode()), "num_characters": len(ask.text)}
    return schemas.EncodedView.model_validate(found["results"][0] | size)


def decode(context: Context, ask: asks.DecodeAsk) -> schemas.DecodedView:
    asked = {"ids": [ask.ids], "has_tokens": True}
    found = _quick(context, "tokenizer_decode", tokenizer=_where(context, ask), **asked)
    return schemas.DecodedView.model_validate(found["results"][0])


def trace(context: Context, ask: asks.TraceAsk) -> schemas.TraceView:
    dataset = _dataset(context, ask.dataset, ask.project)
    call = _quick if dataset is None else _counting
    found = call(
        context,
        "tokenizer_trace",
        tokenizer=_where(context, ask),
        text=ask.text,
        dataset=dataset,
    )
    for word, base_ids in zip(found["words"], found.pop("base_ids"), strict=True):
        word["base_ids"] = base_ids
    counts = found.pop("merge_counts")
    for merge in found["merges"]:
        merge["count"] = counts.get(str(merge["rank"]))
    return schemas.TraceView.model_validate(found)


def compare(context: Context, ask: asks.CompareAsk) -> schemas.ComparisonView:
    store = context.workshop.store
    where = {ref: find_tokenizer(store, ref, ask.project).where for ref in ask.refs}
    asked = {"texts": ask.texts, "has_probes": ask.has_probes}
    found = _quick(context, "tokenizer_compare", tokenizers=where, **asked)
    return schemas.ComparisonView.model_validate(found)


def vocabulary(
    context: Context, ask: asks.TokenizerAsk, dataset: str | None, asked: Json, after: str | None
) -> schemas.VocabularyPage:
    """`asked`: order, contains and limit, as the helper takes them."""
    offset = _offset(after)
    found = _counting(
        context,
        "tokenizer_vocabulary",
        tokenizer=_where(context, ask),
        dataset=_dataset(context, dataset, ask.project),
        offset=offset,
        **asked,
    )
    end = offset + len(found["rows"])
    return schemas.VocabularyPage(
        items=tuple(schemas.VocabularyEntry.model_validate(row) for row in found["rows"]),
        next=encode_cursor(end) if found["rows"] and end < found["total"] else None,
        total=found["total"],
        counted_bytes=found["counted_bytes"],
    )


def what_if(context: Context, ask: asks.WhatIfAsk) -> schemas.WhatIfView:
    """Raises InvalidSpec where no dataset is given and nobody knows what the tokenizer was learned from."""
    store = context.workshop.store
    named = find_tokenizer(store, ask.ref, ask.project)
    dataset = ask.dataset or learned_from(store, named)
    if dataset is None:
        raise _no_dataset(named)
    artifact = resolve_artifact(store, dataset, "dataset", ask.project).artifact
    found = _counting(
        context,
        "tokenizer_what_if",
        tokenizer=named.where,
        dataset=str(store.artifacts.path(artifact)),
        sizes=ask.sizes,
        width=ask.width,
        is_tied=ask.is_tied,
        body_parameters=ask.body_parameters,
    )
    return schemas.WhatIfView.model_validate({**found, "dataset": artifact})


def chat(context: Context, ask: asks.ChatAsk) -> schemas.ChatView:
    asked = ask.model_dump(mode="json", exclude={"ref", "project"})
    found = _quick(context, "tokenizer_render_chat", tokenizer=_where(context, ask), **asked)
    tokens = [(token["id"], p["is_trained"]) for p in found["pieces"] for token in p["tokens"]]
    found |= {"ids": [id_ for id_, _ in tokens], "mask": [is_trained for _, is_trained in tokens]}
    return schemas.ChatView.model_validate(found)


def _where(context: Context, ask: asks.TokenizerAsk) -> str:
    return find_tokenizer(context.workshop.store, ask.ref, ask.project).where


def _dataset(context: Context, ref: str | None, project: str) -> str | None:
    if ref is None:
        return None
    store = context.workshop.store
    return str(store.artifacts.path(resolve_artifact(store, ref, "dataset", project).artifact))


def _offset(after: str | None) -> int:
    if after is None:
        return 0
    [offset] = decode_cursor(after, 1)
    return offset if type(offset) is int and offset >= 0 else 0


def _quick(context: Context, op: str, **args: Any) -> Json:
    return _ask(context.keep(QuickHelper, QuickHelper()), op, args, QUICK_LIMIT_S)


def _counting(context: Context, op: str, **args: Any) -> Json:
    return _ask(context.keep(CountingHelper, CountingHelper()), op, args, COUNTING_LIMIT_S)


def _ask(helper: ToolsClient, op: str, args: Json, limit_s: float) -> Json:
    """Raises what the helper says; InvalidSpec where the fault lies in what was asked, not in what is stored."""
    try:
        return helper.call(op, args, limit_s)
    except BadData as error:
        if error.code not in OF_THE_ASKER:
            raise
        raise InvalidSpec(error.code, error.message, error.hint, error.where) from error


def _no_dataset(named: NamedTokenizer) -> InvalidSpec:
    return InvalidSpec(
        "dataset-needed",
        f"Nothing here says which texts {named.label!r} was learned from.",
        "Give the dataset in which to count.",
        "dataset",
    )
