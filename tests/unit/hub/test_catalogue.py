import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from assistant.domain.errors import (
    BadRepositoryNameError,
    CaptivePortalError,
    HearthError,
    HubAuthError,
    HubGatedError,
    HubNotFoundError,
    HubRateLimitError,
    HubServerError,
    InsecureEndpointError,
    NoGgufError,
    OfflineError,
)
from assistant.hub import metadata
from assistant.hub.catalogue import HubCatalogue
from tests.fakes.hub_server import (
    GATED,
    Drop,
    Endless,
    FakeHub,
    Fault,
    Gzip,
    Html,
    Raw,
    RedirectTo,
    Status,
)

REPO = "org/Tiny-GGUF"
TOKEN = "hf_secret"


def catalogue_for(url: str, token: str | None = None) -> HubCatalogue:
    async def give() -> str | None:
        return token

    return HubCatalogue(lambda: url, give)


async def failure_of(hub: FakeHub, text: str = REPO, token: str | None = None) -> HearthError:
    with pytest.raises(HearthError) as caught:
        await catalogue_for(hub.url, token).look_up(text)
    return caught.value


async def test_lists_gguf_files_with_sizes_and_hashes(hub: FakeHub) -> None:
    repo = hub.add_repo(REPO, {"tiny-Q8_0.gguf": b"GGUF" * 9, "README.md": b"x", "tiny.bin": b"y"})
    found = await catalogue_for(hub.url).look_up(REPO)
    assert (found.repo, found.commit, found.endpoint) == (REPO, repo.commit, hub.url)
    [file] = found.files
    [part] = file.parts
    assert (file.name, file.size_bytes) == ("tiny-Q8_0.gguf", 36)
    assert part.sha256 is not None
    assert len(part.sha256) == 64


async def test_asks_once_and_tells_nothing_else(hub: FakeHub) -> None:
    hub.add_repo(REPO, {"a.gguf": b"GGUF"})
    await catalogue_for(hub.url).look_up(REPO)
    [request] = hub.requests
    assert request.path == f"/api/models/{REPO}?blobs=true"
    assert request.token is None


async def test_a_file_without_lfs_has_no_hash(hub: FakeHub) -> None:
    hub.add_repo(REPO, {"a.gguf": b"GGUF"}, lfs=False)
    found = await catalogue_for(hub.url).look_up(REPO)
    assert found.files[0].parts[0].sha256 is None


async def test_groups_the_parts_of_a_split_model(hub: FakeHub) -> None:
    parts = {f"Q4_K_M/big-{n:05d}-of-00003.gguf": b"GGUF" * n for n in (3, 1, 2)}
    hub.add_repo(REPO, parts | {"half-00001-of-00002.gguf": b"GGUF"})
    found = await catalogue_for(hub.url).look_up(REPO)
    [file] = found.files
    assert (file.name, file.size_bytes) == ("Q4_K_M/big.gguf", 24)
    assert [part.path for part in file.parts] == sorted(parts)


async def test_leaves_projectors_and_matrices_out(hub: FakeHub) -> None:
    hub.add_repo(REPO, {"mmproj-F16.gguf": b"GGUF", "imatrix.gguf": b"GGUF", "a.gguf": b"GGUF"})
    found = await catalogue_for(hub.url).look_up(REPO)
    assert [file.name for file in found.files] == ["a.gguf"]


async def test_narrows_to_the_named_file_or_quantisation(hub: FakeHub) -> None:
    hub.add_repo(REPO, {"t-Q8_0.gguf": b"GGUFGGUF", "t-Q4_K_M.gguf": b"GGUF"})
    catalogue = catalogue_for(hub.url)
    by_quant = await catalogue.look_up(f"{REPO}:q8_0")
    assert [file.name for file in by_quant.files] == ["t-Q8_0.gguf"]
    by_url = await catalogue.look_up(f"https://huggingface.co/{REPO}/blob/main/t-Q4_K_M.gguf")
    assert [file.name for file in by_url.files] == ["t-Q4_K_M.gguf"]
    assert isinstance(await failure_of(hub, f"{REPO}:Q2_K"), HubNotFoundError)


async def test_asks_for_the_revision_that_a_url_names(hub: FakeHub) -> None:
    repo = hub.add_repo(REPO, {"a.gguf": b"GGUF"})
    url = f"https://huggingface.co/{REPO}/resolve/{repo.commit}/a.gguf"
    found = await catalogue_for(hub.url).look_up(url)
    assert found.revision == repo.commit
    missing = f"https://huggingface.co/{REPO}/resolve/v9/a.gguf"
    assert isinstance(await failure_of(hub, missing), HubNotFoundError)


async def test_a_private_repository_opens_with_the_token(hub: FakeHub) -> None:
    hub.add_repo(REPO, {"a.gguf": b"GGUF"}, token=TOKEN)
    found = await catalogue_for(hub.url, TOKEN).look_up(REPO)
    assert found.files
    assert isinstance(await failure_of(hub), HubNotFoundError)


WRONG_TOKEN = {"X-Error-Message": "Invalid credentials in Authorization header"}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Status(401), HubAuthError),
        (Status(401, WRONG_TOKEN), HubAuthError),
        (GATED, HubGatedError),
        (Status(403), HubGatedError),
        (Status(404), HubNotFoundError),
        (Status(404, {"X-Error-Code": "RepoNotFound"}), HubNotFoundError),
        (Status(400), HubServerError),
        (Status(500), HubServerError),
        (Status(503), HubServerError),
        (Status(511), CaptivePortalError),
        (Html(), CaptivePortalError),
        (Gzip(), HubServerError),
        (Drop(after=10), OfflineError),
        (Raw(b"not json"), HubServerError),
        (Raw(b""), HubServerError),
        (Raw(b"[]"), HubServerError),
        (Raw(b"null"), HubServerError),
        (Raw(b"{}"), HubServerError),
        (Raw(b"[" * 100_000), HubServerError),
        (Raw(b"\xff\xfe"), HubServerError),
        (Raw(b'{"id": 7, "siblings": 7, "sha": 7}'), HubServerError),
        (Raw(b'{"id": "x", "siblings": [7]}'), HubServerError),
        (Raw(b'{"id": "x", "siblings": [{}]}'), HubServerError),
        (RedirectTo("http://example.com/x"), HubServerError),
        (RedirectTo("ftp://127.0.0.1/x"), HubServerError),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_each_failure_has_its_error(
    hub: FakeHub, fault: Fault, expected: type[HearthError]
) -> None:
    hub.add_repo(REPO, {"a.gguf": b"GGUF"})
    hub.on_metadata(fault)
    error = await failure_of(hub)
    assert type(error) is expected
    assert error.message
    assert error.next_step
    assert (await catalogue_for(hub.url).look_up(REPO)).files, "usable afterwards"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({}, 30),
        ({"Retry-After": "soon"}, 30),
        ({"Retry-After": "99999999999"}, 3600),
        ({"RateLimit": '"api";r=0;t=55'}, 55),
    ],
)
async def test_too_many_requests_says_how_long_to_wait(
    hub: FakeHub, headers: Mapping[str, str], seconds: int
) -> None:
    hub.on_metadata(Status(429, headers))
    error = await failure_of(hub)
    assert isinstance(error, HubRateLimitError)
    assert error.params["retry_after_s"] == seconds


async def test_an_endless_listing_ends(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.hub.metadata.MAX_ANSWER_BYTES", 1 << 20)
    hub.on_metadata(Endless())
    assert isinstance(await failure_of(hub), HubServerError)


async def test_nobody_there() -> None:
    with FakeHub() as gone:
        url = gone.url
    with pytest.raises(OfflineError) as caught:
        await catalogue_for(url).look_up(REPO)
    assert caught.value.params["host"] == "127.0.0.1"


async def test_a_repository_without_gguf(hub: FakeHub) -> None:
    hub.add_repo(REPO, {"model.safetensors": b"x", "pytorch_model.bin": b"y"})
    assert isinstance(await failure_of(hub), NoGgufError)


async def test_lies_in_a_listing_are_left_out(hub: FakeHub) -> None:
    good = {"rfilename": "ok.gguf", "size": 4, "lfs": None}
    names = ["../x.gguf", "/x.gguf", "a\\x.gguf", "NUL.gguf", "x\0.gguf", f"{'x' * 300}.gguf"]
    lies: list[dict[str, object]] = [{"rfilename": name, "size": 4} for name in names]
    lies += [{"rfilename": f"s{n}.gguf", "size": size} for n, size in enumerate([-1, "4", None, 0])]
    lfs = {"sha256": "../../etc/passwd", "size": 4, "pointerSize": 1}
    lies.append({"rfilename": "h.gguf", "size": 4, "lfs": lfs})
    answer = {"id": REPO, "sha": "a" * 40, "siblings": [*lies, good]}
    hub.on_metadata(Raw(json.dumps(answer).encode(), {"Content-Type": "application/json"}))
    found = await catalogue_for(hub.url).look_up(REPO)
    assert [file.name for file in found.files] == ["ok.gguf"]


@pytest.mark.parametrize("commit", ["../../x", "main", "A" * 40, "a" * 64, None])
async def test_a_commit_that_is_none_is_refused(hub: FakeHub, commit: str | None) -> None:
    siblings = [{"rfilename": "a.gguf", "size": 4}]
    answer = {"id": REPO, "sha": commit, "siblings": siblings}
    hub.on_metadata(Raw(json.dumps(answer).encode()))
    assert isinstance(await failure_of(hub), HubServerError)


async def test_another_name_in_the_answer_is_not_believed(hub: FakeHub) -> None:
    hub.add_repo(REPO, {"a.gguf": b"GGUF"})
    hub.repos[REPO.lower()] = hub.repos[REPO]
    assert (await catalogue_for(hub.url).look_up(REPO.lower())).repo == REPO
    hub.repos["me/mine"] = hub.repos[REPO]
    assert (await catalogue_for(hub.url).look_up("me/mine")).repo == "me/mine"


async def test_the_token_stays_with_the_hub(hub: FakeHub) -> None:
    hub.add_repo(REPO, {"a.gguf": b"GGUF"})
    for host in (hub.cdn_url, hub.cdn_url.replace("127.0.0.1", "localhost")):
        hub.on_metadata(RedirectTo(f"{host}/elsewhere", 307))
        await failure_of(hub, token=TOKEN)
    assert hub.tokens_seen_by("hub") == {f"Bearer {TOKEN}"}
    assert len(hub.file_requests()) == 2
    assert hub.tokens_seen_by("cdn") == set()


@pytest.mark.parametrize("endpoint", ["http://huggingface.co", "nonsense"])
async def test_an_insecure_endpoint_is_never_asked(endpoint: str) -> None:
    with pytest.raises(InsecureEndpointError):
        await catalogue_for(endpoint, TOKEN).look_up(REPO)


async def test_bad_names_ask_nobody(hub: FakeHub) -> None:
    assert isinstance(await failure_of(hub, "../etc"), BadRepositoryNameError)
    assert hub.requests == []


async def test_a_proxy_never_sees_what_stays_here(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add_repo(REPO, {"a.gguf": b"GGUF"})
    with FakeHub() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        metadata.close_session()  # the next call makes a client in this environment
        await catalogue_for(hub.url, TOKEN).look_up(REPO)
        assert proxy.requests == []


PROBE = """
import sys
import assistant.hub.catalogue
assert not [name for name in sys.modules if name.startswith("huggingface_hub")]
import assistant.hub.metadata
from huggingface_hub import constants
print(constants.HF_HUB_DISABLE_TELEMETRY, constants.HF_HUB_DISABLE_IMPLICIT_TOKEN,
      constants.HF_HUB_DISABLE_UPDATE_CHECK, constants.HF_HUB_DISABLE_XET)
"""


def test_huggingface_hub_is_imported_late_and_quiet() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    command = [sys.executable, "-c", PROBE]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["True"] * 4
