"""`hearth models` against a Hub of the test's own, and questions to what it brought."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.hub_server import Drop, FakeHub, Html, Serve, Status
from tests.fixtures.tiny_gguf import make_tiny_gguf
from tests.unit.cli.conftest import Run

REPO = "someone/tiny-GGUF"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    model = make_tiny_gguf(tmp_path / "made.gguf").path.read_bytes()
    with FakeHub() as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.url)
        fake.add_repo(REPO, {"tiny-Q4_K_M.gguf": model, "tiny-Q8_0.gguf": model + bytes(64)})
        yield fake


def test_nothing_is_installed_at_first(run: Run) -> None:
    assert run("models", "list").stdout == ""
    assert json.loads(run("models", "list", "--json").stdout) == []
    result = run("ask", "Hello")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: No model is installed yet.\nhint: ")


@pytest.mark.usefixtures("hub")
def test_pull_list_ask_remove(run: Run) -> None:
    pulled = run("models", "pull", REPO, "q4_k_m")
    assert (pulled.exit_code, pulled.stdout) == (0, "")
    assert pulled.stderr == f"{REPO}: tiny-Q4_K_M.gguf\n"
    [listed] = json.loads(run("models", "list", "--json").stdout)
    assert listed["repo"] == REPO
    assert listed["verified"] is True
    assert listed["name"] in run("models", "list").stdout
    for name in (None, listed["name"], REPO, f"{REPO}:Q4_K_M"):
        words = [] if name is None else ["--model", name]
        assert run("ask", *words, "-n", "1", "Hello").stdout == "Once \n"
    assert run("models", "rm", listed["name"]).exit_code == 0
    assert run("models", "list").stdout == ""
    assert not Path(listed["path"]).exists()


def test_a_line_that_drops_is_taken_up_again(run: Run, hub: FakeHub) -> None:
    hub.on_file(Drop(20_000), Drop(40_000))
    assert run("models", "pull", REPO, "tiny-Q8_0.gguf").exit_code == 0


@pytest.mark.usefixtures("hub")
def test_several_files_are_listed_when_none_is_named(run: Run) -> None:
    result = run("models", "pull", REPO)
    assert result.exit_code == 2
    assert "has 2 such files; name one:" in result.stderr
    assert "tiny-Q8_0.gguf" in result.stderr


@pytest.mark.usefixtures("hub")
def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    result = run("models", "pull", REPO, "Q2_K")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_the_hub_refuses_is_one_sentence(run: Run, hub: FakeHub, status: int) -> None:
    hub.always("metadata", Status(status))
    result = run("models", "pull", REPO, "Q4_K_M")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2


def test_a_download_that_stops_half_way_says_why_and_goes_on_later(run: Run, hub: FakeHub) -> None:
    hub.on_file(Drop(20_000), Html())
    result = run("models", "pull", REPO, "Q8_0")
    assert result.exit_code == 1
    assert "answered with a web page" in result.stderr
    assert run("models", "pull", REPO, "Q8_0").exit_code == 0
    assert hub.file_requests()[-1].range_start == 20_000


def test_a_damaged_download_says_so_and_can_be_tried_again(run: Run, hub: FakeHub) -> None:
    size = len(hub.repos[REPO].files["tiny-Q8_0.gguf"])
    hub.always("file", Serve(bytes(size)))
    assert "checksum" in run("models", "pull", REPO, "Q8_0").stderr
    hub.always("file", None)
    assert run("models", "pull", REPO, "Q8_0").exit_code == 0


def test_removing_what_is_not_there_is_told(run: Run) -> None:
    result = run("models", "rm", "nothing")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
