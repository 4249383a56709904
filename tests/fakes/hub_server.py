"""A Hub on this computer, in the shape of the real one, that misbehaves on command.

Two servers: the Hub itself (repository info, tree, `resolve` with a redirect) and its CDN on
another port, which is another origin, as with huggingface.co. Faults are queued and used up one
per request, or stay for good:

    with FakeHub() as hub:
        hub.add_repo("org/tiny-GGUF", {"tiny-Q8_0.gguf": data})
        hub.on_file(Drop(after=1000), Drop(after=1000))      # the CDN drops the line twice
        hub.on_metadata(Status(429, {"Retry-After": "7"}))   # the next listing is refused
"""

import gzip
import hashlib
import json
import re
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import unquote, urlsplit

_CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
LOGIN_PAGE = b"<!DOCTYPE html><html><body>Welcome to Hotel WiFi. Sign in.</body></html>"


# --- what can go wrong ----------------------------------------------------------------------


@dataclass(frozen=True)
class Drop:
    """Close the line after so many bytes of the body; with a reset, some of them get lost too."""

    after: int
    reset: bool = False


@dataclass(frozen=True)
class Hold:
    """Stop sending after so many bytes, and keep the line open until the Hub ends."""

    after: int


@dataclass(frozen=True)
class Serve:
    """Send other content than the listing states; with another etag if asked."""

    body: bytes
    etag: str | None = None
    honour_if_range: bool = True


@dataclass(frozen=True)
class IgnoreRange:
    """200 with the whole file, whatever range was asked for."""


@dataclass(frozen=True)
class WrongRange:
    """206 for a range that was not asked for."""

    shift: int = 7


@dataclass(frozen=True)
class Gzip:
    """A compressed body, although `identity` was asked for."""


@dataclass(frozen=True)
class Endless:
    """A body without length that never ends."""


@dataclass(frozen=True)
class Html:
    """The sign-in page of a network, with 200."""


@dataclass(frozen=True)
class Raw:
    """Any answer at all: for lies in the listing, or in headers."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Status:
    """A refusal."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RedirectTo:
    """A redirect to anywhere."""

    url: str
    status: int = 302


Fault = (
    Drop
    | Hold
    | Serve
    | IgnoreRange
    | WrongRange
    | Gzip
    | Endless
    | Html
    | Raw
    | Status
    | RedirectTo
)

GATED = Status(403, {"X-Error-Code": "GatedRepo", "X-Error-Message": "Access is restricted."})
NO_SUCH_REPO = Status(401, {"X-Error-Code": "RepoNotFound"})


# --- what was asked, and what is there ------------------------------------------------------


@dataclass(frozen=True)
class SeenRequest:
    """One request as it arrived. `server` is `hub` or `cdn`."""

    server: str
    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def token(self) -> str | None:
        return self.headers.get("authorization")

    @property
    def range_start(self) -> int:
        found = _RANGE.fullmatch(self.headers.get("range", ""))
        return int(found.group(1)) if found else 0


@dataclass
class FakeRepo:
    """A repository at one commit. `lfs=False` leaves the hashes out of the listing."""

    name: str
    files: dict[str, bytes]
    commit: str
    lfs: bool = True
    gated: bool = False
    token: str | None = None
    """Without this token the repository is not shown at all."""

    def info(self) -> dict[str, object]:
        """Build the answer of `/api/models/{repo}?blobs=true`."""
        return {
            "_id": "6543210fedcba98765432100",
            "id": self.name,
            "modelId": self.name,
            "author": self.name.partition("/")[0],
            "sha": self.commit,
            "lastModified": "2026-09-01T12:00:00.000Z",
            "createdAt": "2026-08-01T12:00:00.000Z",
            "private": self.token is not None,
            "gated": "auto" if self.gated else False,
            "disabled": False,
            "downloads": 1234,
            "likes": 5,
            "tags": ["gguf", "text-generation"],
            "siblings": [self._sibling(path, data) for path, data in self.files.items()],
        }

    def tree(self) -> list[dict[str, object]]:
        """Build the answer of `/api/models/{repo}/tree/{revision}`."""
        return [
            {"type": "file", "path": path, "size": len(data), "oid": _git_sha1(data)}
            | ({"lfs": _lfs(data, "oid")} if self.lfs else {})
            for path, data in self.files.items()
        ]

    def _sibling(self, path: str, data: bytes) -> dict[str, object]:
        plain: dict[str, object] = {
            "rfilename": path,
            "size": len(data),
            "blobId": _git_sha1(data),
        }
        return plain | ({"lfs": _lfs(data, "sha256")} if self.lfs else {})


def _lfs(data: bytes, hash_key: str) -> dict[str, object]:
    digest = hashlib.sha256(data).hexdigest()
    return {hash_key: digest, "size": len(data), "pointerSize": 134}


def _git_sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


# --- the Hub --------------------------------------------------------------------------------


class FakeHub:
    """Runs while its `with` block does; afterwards no thread of it is left."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.repos: dict[str, FakeRepo] = {}
        self.requests: list[SeenRequest] = []
        self.cdn_bytes = 0
        """Bytes of file bodies that were handed to the network."""
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._metadata_faults: deque[Fault] = deque()
        self._resolve_faults: deque[Fault] = deque()
        self._file_faults: deque[Fault] = deque()
        self._forever: dict[str, Fault] = {}
        self._servers = {name: _Server(self, name) for name in ("hub", "cdn")}

    @property
    def url(self) -> str:
        """The Hub's address, as `HF_ENDPOINT` takes it."""
        return self._servers["hub"].url

    @property
    def cdn_url(self) -> str:
        return self._servers["cdn"].url

    def __enter__(self) -> Self:
        for server in self._servers.values():
            server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        for server in self._servers.values():
            server.stop()

    def add_repo(
        self,
        name: str,
        files: Mapping[str, bytes],
        *,
        commit: str | None = None,
        lfs: bool = True,
        gated: bool = False,
        token: str | None = None,
    ) -> FakeRepo:
        """Put a repository on the Hub, or a new commit over an old one."""
        digest = hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()
        repo = FakeRepo(name, dict(files), commit or digest, lfs, gated, token)
        self.repos[name] = repo
        return repo

    def on_metadata(self, *faults: Fault) -> None:
        """Misbehave on the next listings, one fault each."""
        self._metadata_faults.extend(faults)

    def on_resolve(self, *faults: Fault) -> None:
        """Misbehave on the next `resolve` requests at the Hub, before its redirect."""
        self._resolve_faults.extend(faults)

    def on_file(self, *faults: Fault) -> None:
        """Misbehave on the next file bodies at the CDN."""
        self._file_faults.extend(faults)

    def always(self, where: str, fault: Fault | None) -> None:
        """Misbehave on every request: `where` is `metadata`, `resolve` or `file`."""
        if fault is None:
            self._forever.pop(where, None)
        else:
            self._forever[where] = fault

    def behave(self) -> None:
        """Behave from now on."""
        with self._lock:
            for queue in (self._metadata_faults, self._resolve_faults, self._file_faults):
                queue.clear()
            self._forever.clear()

    def file_requests(self) -> list[SeenRequest]:
        """Requests for file bodies, in order."""
        with self._lock:
            return [request for request in self.requests if request.server == "cdn"]

    def tokens_seen_by(self, server: str) -> set[str]:
        """Every `Authorization` that arrived at `hub` or `cdn`."""
        with self._lock:
            return {r.token for r in self.requests if r.server == server and r.token}

    def note(self, request: SeenRequest) -> None:
        with self._lock:
            self.requests.append(request)

    def count(self, sent: int) -> None:
        with self._lock:
            self.cdn_bytes += sent

    def next_fault(self, where: str) -> Fault | None:
        queue = {
            "metadata": self._metadata_faults,
            "resolve": self._resolve_faults,
            "file": self._file_faults,
        }[where]
        with self._lock:
            return queue.popleft() if queue else self._forever.get(where)

    def blob(self, sha256: str) -> bytes | None:
        for repo in self.repos.values():
            for data in repo.files.values():
                if hashlib.sha256(data).hexdigest() == sha256:
                    return data
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True

    def __init__(self, hub: FakeHub, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub
        self.name = name
        self._thread = threading.Thread(target=self._run, name=f"fake-{name}")
        if hub.tls is not None:
            self.socket = hub.tls.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        scheme = "http" if self.hub.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def _run(self) -> None:
        self.serve_forever(poll_interval=0.01)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away in mid-body are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Print nothing; `FakeHub.requests` holds everything."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.close_connection = True  # no idle thread is left waiting for a next request
        headers = {key.lower(): value for key, value in self.headers.items()}
        hub, name = self.server.hub, self.server.name
        hub.note(SeenRequest(name, self.command, self.path, headers))
        path = unquote(urlsplit(self.path).path)
        if name == "cdn":
            self._cdn(path)
        elif path.startswith("/api/models/"):
            self._api(path.removeprefix("/api/models/"))
        else:
            self._resolve(path.lstrip("/"))

    # --- routes -----------------------------------------------------------------------------

    def _api(self, path: str) -> None:
        fault = self.server.hub.next_fault("metadata")
        if fault is not None and self._answered(fault):
            return
        segments = path.split("/")
        repo = self._repo("/".join(segments[:2]))
        if repo is None:
            return
        revision = segments[3] if len(segments) > 3 else "main"
        if revision not in {"main", repo.commit}:
            self._answered(Status(404, {"X-Error-Code": "RevisionNotFound"}))
            return
        answer: object = repo.tree() if "tree" in segments[2:3] else repo.info()
        self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _resolve(self, path: str) -> None:
        fault = self.server.hub.next_fault("resolve")
        if fault is not None and self._answered(fault):
            return
        segments = path.split("/")
        repo = self._repo("/".join(segments[:2]))
        if repo is None:
            return
        if repo.gated and not self.headers.get("Authorization"):
            self._answered(Status(401, GATED.headers))
            return
        data = repo.files.get("/".join(segments[4:]))
        if segments[2] != "resolve" or data is None:
            self._answered(Status(404, {"X-Error-Code": "EntryNotFound"}))
            return
        digest = hashlib.sha256(data).hexdigest()
        location = f"{self.server.hub.cdn_url}/repos/{digest}?Signature=once"
        headers = {
            "Location": location,
            "X-Repo-Commit": repo.commit,
            "X-Linked-Etag": f'"{digest}"',
            "X-Linked-Size": str(len(data)),
            "Accept-Ranges": "bytes",
        }
        self._send(302, b"", headers)

    def _cdn(self, path: str) -> None:
        fault = self.server.hub.next_fault("file")
        if fault is not None and self._answered(fault):
            return
        data = self.server.hub.blob(path.rpartition("/")[2])
        if data is None:
            self._answered(Status(404))
            return
        self._file(data, fault)

    def _repo(self, name: str) -> FakeRepo | None:
        repo = self.server.hub.repos.get(name)
        hidden = repo is not None and repo.token is not None
        if repo is None or (hidden and self.headers.get("Authorization") != f"Bearer {repo.token}"):
            self._answered(NO_SUCH_REPO)
            return None
        return repo

    # --- bodies -----------------------------------------------------------------------------

    def _file(self, data: bytes, fault: Fault | None) -> None:
        etag = f'"{hashlib.sha256(data).hexdigest()}"'
        honours = True
        if isinstance(fault, Serve):
            data = fault.body
            etag = fault.etag or f'"{hashlib.sha256(data).hexdigest()}"'
            honours = fault.honour_if_range
        headers = {"ETag": etag, "Accept-Ranges": "bytes"}
        start = self._range_start(data, etag, honours=honours)
        if start is None or isinstance(fault, IgnoreRange):
            self._send_body(200, data, headers, fault)
        elif start >= len(data):
            self._send(416, b"", headers | {"Content-Range": f"bytes */{len(data)}"})
        else:
            if isinstance(fault, WrongRange):
                start = max(0, start - fault.shift)
            where = f"bytes {start}-{len(data) - 1}/{len(data)}"
            self._send_body(206, data[start:], headers | {"Content-Range": where}, fault)

    def _range_start(self, data: bytes, etag: str, *, honours: bool) -> int | None:
        found = _RANGE.fullmatch(self.headers.get("Range", ""))
        condition = self.headers.get("If-Range")
        if found is None or (honours and condition is not None and condition != etag):
            return None
        return int(found.group(1))

    def _send_body(
        self, status: int, body: bytes, headers: Mapping[str, str], fault: Fault | None
    ) -> None:
        self._head(status, {**headers, "Content-Length": str(len(body))})
        if self.command == "HEAD":
            return
        limit = fault.after if isinstance(fault, Drop | Hold) else len(body)
        view = memoryview(body)[:limit]
        for start in range(0, len(view), _CHUNK):
            piece = view[start : start + _CHUNK]
            self.wfile.write(piece)
            self.server.hub.count(len(piece))
        if isinstance(fault, Drop) and fault.reset:
            self._reset()
        if isinstance(fault, Hold):
            self.wfile.flush()
            self.server.hub.closing.wait()

    def _answered(self, fault: Fault) -> bool:
        """Play a fault that needs no file; False where the file has to be sent for it."""
        match fault:
            case Status():
                self._send(fault.status, b"{}", fault.headers)
            case RedirectTo():
                self._send(fault.status, b"", {"Location": fault.url})
            case Html():
                self._send(200, LOGIN_PAGE, {"Content-Type": "text/html; charset=utf-8"})
            case Raw():
                self._send(fault.status, fault.body, fault.headers)
            case Gzip():
                body = gzip.compress(b"\0" * 1_000_000)
                self._send(200, body, {"Content-Encoding": "gzip"})
            case Endless():
                self._endless()
            case Drop() | Hold() if self.server.name == "hub":
                self._send_body(200, b"x" * (fault.after + 1), {}, fault)
            case _:
                return False
        return True

    def _endless(self) -> None:
        self._head(200, {"Content-Type": "application/octet-stream"})
        while not self.server.hub.closing.is_set():
            self.wfile.write(b"\0" * _CHUNK)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self._head(status, {"Content-Length": str(len(body)), **headers})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Connection", "close")
        self.end_headers()

    def _reset(self) -> None:
        """Send what is buffered, then end the line without the polite farewell."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
