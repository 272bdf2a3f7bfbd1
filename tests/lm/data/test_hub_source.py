"""The source `hub`, against a hub in miniature, which the real hub's client library reads in the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.hf_api import RepoFile

from glassworks.common.errors import BadData, GlassworksError
from glassworks.common.hashing import hash_file
from glassworks.lm.data import Document
from glassworks.lm.data.sources.hub import Hub
from tests.lm.data.hub_server import COMMIT, DATASET, MiniHub, entry, json_page
from tests.lm.data.web_server import Page, Web, allow, web_server
from tests.lm.text import made
from tests.stages.bench import run_stage

FILES = {
    "README.md": b"# About it",
    ".gitattributes": b"*",
    "data/a b.jsonl": made.jsonl([{"text": "One."}, {"text": "Two."}]),
    "big/train.jsonl": made.jsonl([{"text": "Three."}]),
    "picture.png": b"\x89PNG",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLASSWORKS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("glassworks.lm.data.web.fetcher.RETRY_S", 0.0)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    return tmp_path / "home"


@contextmanager
def hub(home: Path, monkeypatch: pytest.MonkeyPatch, mini: MiniHub | None = None) -> Iterator[Web]:
    mini = mini or MiniHub(FILES)
    with web_server(home, mini.pages()) as web:
        mini.web = web
        allow(home, private_hosts=[f"{host}:{web.port}" for host in ("127.0.0.1", "localhost")])
        monkeypatch.setenv("HF_ENDPOINT", web.url)
        yield web


def read(**settings: Any) -> list[Document]:
    config = Hub.resolve(Hub.Config(**{"dataset": DATASET, **settings}))
    assert config.commit == COMMIT
    return list(Hub.read(config).documents)


def refusal(**settings: Any) -> GlassworksError:
    with pytest.raises(GlassworksError) as caught:
        read(**settings)
    return caught.value


def test_a_data_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(home, monkeypatch) as web:
        found = read()
        pages = [path for _, path, _ in web.asked if "/tree/" in path]
    assert len(pages) == 3, "six entries, two a page"
    assert [(document.id, document.text) for document in found] == [
        ("big/train.jsonl:1", "Three."),
        ("data/a b.jsonl:1", "One."),
        ("data/a b.jsonl:2", "Two."),
    ]
    assert found[0].meta["dataset"] == DATASET and found[0].meta["commit"] == COMMIT
    assert len(found[0].meta["sha256"]) == 64


def test_the_client_of_the_real_hub_reads_the_same(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So what the tests stand on is the protocol, not our idea of it."""
    with hub(home, monkeypatch) as web:
        api = HfApi(endpoint=web.url, token=False)
        assert api.dataset_info(DATASET, revision="main").sha == COMMIT
        listed = api.list_repo_tree(DATASET, repo_type="dataset", revision=COMMIT, recursive=True)
        assert [file.path for file in listed if isinstance(file, RepoFile)] == list(FILES)
        for path in ("data/a b.jsonl", "big/train.jsonl"):
            file = hf_hub_download(
                DATASET,
                path,
                repo_type="dataset",
                revision=COMMIT,
                endpoint=web.url,
                cache_dir=tmp_path / "cache",
                token=False,
            )
            assert Path(file).read_bytes() == FILES[path]


@pytest.mark.parametrize(
    ("patterns", "ids"),
    [
        (("data/*",), ["data/a b.jsonl:1", "data/a b.jsonl:2"]),
        (("*.md", "big/*"), ["README.md", "big/train.jsonl:1"]),
    ],
)
def test_patterns(
    patterns: tuple[str, ...], ids: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub(home, monkeypatch):
        assert [document.id for document in read(files=patterns)] == ids


def test_a_revision_with_strokes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(home, monkeypatch):
        assert len(read(revision="refs/convert/parquet")) == 3


def test_the_same_commit_gives_the_same_artifact(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub(home, monkeypatch):
        for name in "ab":
            run_stage(
                "import_dataset", tmp_path / name, {"source": {"kind": "hub", "dataset": DATASET}}
            )
    one, other = (hash_file(next((tmp_path / n / "dataset").iterdir())) for n in "ab")
    assert one == other


def test_the_token_goes_to_the_hub_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret\n")
    with hub(home, monkeypatch) as web:
        read(files=("big/*",))
        asked = [(path, headers.get("Authorization")) for _, path, headers in web.asked]
    assert {token for path, token in asked if path.startswith(("/api", "/datasets"))} == {
        "Bearer hf_secret"
    }
    assert {token for path, token in asked if path.startswith("/cdn")} == {None}
    assert any(path.startswith("/cdn") for path, _ in asked)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"dataset": ""}, "bad-dataset-name"),
        ({"dataset": "../../etc"}, "bad-dataset-name"),
        ({"dataset": "a/b/c"}, "bad-dataset-name"),
        ({"dataset": "glass/closed"}, "hub-gated"),
        ({"dataset": "glass/unknown"}, "hub-not-found"),
        ({"dataset": "glass/nowhere"}, "hub-not-found"),
        ({"revision": "none"}, "hub-not-found"),
        ({"revision": ""}, "bad-dataset-name"),
        ({"files": ("*.parquet",)}, "hub-not-found"),
        ({"max_files": 1}, "too-many-files"),
    ],
)
def test_what_is_refused(
    settings: dict[str, Any], code: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub(home, monkeypatch):
        assert refusal(**settings).code == code


def test_hosts_have_to_be_listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "huggingface.co" in refusal().hint
    with hub(home, monkeypatch) as web:
        allow(home, private_hosts=[f"127.0.0.1:{web.port}"])
        error = refusal(files=("big/*",))
    assert error.code == "host-not-allowed" and f"localhost:{web.port}" in error.message
    assert "secret" not in str(error.to_dict())


@pytest.mark.parametrize("path", ["data/a b.jsonl", "big/train.jsonl"])
@pytest.mark.parametrize("on_bad", ["refuse", "leave_out"])
def test_other_bytes_than_listed(
    path: str, on_bad: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub(home, monkeypatch, MiniHub(FILES, wrong=(path,))):
        error = refusal(files=(path,), on_bad=on_bad)
    assert isinstance(error, BadData) and error.code == "wrong-hash" and path in error.message


def test_a_cut_connection(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(home, monkeypatch) as web:
        good = web.pages["/cdn/big/train.jsonl"]
        assert isinstance(good, Page)
        web.pages["/cdn/big/train.jsonl"] = Page(good.body, length=len(good.body) + 10)
        assert refusal(files=("big/*",)).code == "fetch-failed"


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "no list"},
        [{"type": "file", "path": "a.txt", "size": 1}],
        [{"type": "file", "path": "a.txt", "size": "x", "oid": "a" * 40}],
        [{"type": "file", "path": "a.txt", "size": -1, "oid": "a" * 40}],
        [{"type": "file", "path": "a.txt", "size": 1, "oid": "../.."}],
        [{"type": "file", "path": "a.txt", "size": 1, "oid": "a" * 40, "lfs": [1]}],
    ],
)
def test_lists_that_are_none(answer: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(home, monkeypatch) as web:
        web.pages[f"/api/datasets/{DATASET}/tree/{COMMIT}"] = json_page(answer)
        assert refusal().code == "bad-hub-answer"
        web.pages[f"/api/datasets/{DATASET}/revision/main"] = Page(b"<html>")
        assert refusal().code == "bad-hub-answer"


# --- too much --------------------------------------------------------------------------------------------------


def test_50_gb_listed_are_refused_before_a_file_is_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub(home, monkeypatch) as web:
        huge = entry("big/a.jsonl", b"")
        huge["lfs"]["size"] = 50 << 30
        web.pages[f"/api/datasets/{DATASET}/tree/{COMMIT}"] = json_page([huge])
        assert refusal().code == "fetch-too-large"
        assert not any("/resolve/" in path for _, path, _ in web.asked)


def test_a_list_without_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page names itself as the next one: what counts is how many entries came."""
    monkeypatch.setattr("glassworks.lm.data.web.hub.MAX_LISTED", 5000)
    entries = [entry(f"{n}.png", b"") for n in range(1000)]
    with hub(home, monkeypatch) as web:
        path = f"/api/datasets/{DATASET}/tree/{COMMIT}"
        page = json_page(entries)
        page.headers["Link"] = f'<{web.url}{path}>; rel="next"'
        web.pages[path] = page
        assert refusal().code == "too-many-files"
        empty = json_page([])
        empty.headers["Link"] = page.headers["Link"]
        web.pages[path] = empty
        monkeypatch.setattr("glassworks.lm.data.web.hub.MAX_PAGES", 20)
        assert refusal().code == "too-many-files"


def test_a_page_of_the_list_is_no_way_to_another_host(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub(home, monkeypatch) as web:
        page = json_page([])
        page.headers["Link"] = '<http://169.254.169.254/latest>; rel="next"'
        web.pages[f"/api/datasets/{DATASET}/tree/{COMMIT}"] = page
        assert refusal().code == "host-not-allowed"
