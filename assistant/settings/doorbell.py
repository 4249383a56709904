"""How a second start asks the running app to come to the front, and to open a file.

One line of JSON over a private socket: a Unix socket in a folder of this user's, or loopback
where Python has none (Windows). The address and a secret lie in a file that only this user reads.
"""

import hmac
import json
import logging
import os
import secrets
import select
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

LONGEST_SOCKET_PATH = 100
"""Bytes. `sun_path` holds 104 on macOS and 108 on Linux."""
LONGEST_LINE = 64 * 1024
PATIENCE_S = 2.0
_ANSWER = b"ok\n"

Ring = Callable[[Path | None], None]


class Doorbell:
    """Listens on a thread of its own and calls `ring` there, with the file to open or None."""

    def __init__(self, folder: Path, ring: Ring) -> None:
        self._ring = ring
        self._token = secrets.token_hex(32)
        self._own_folder: Path | None = None
        self._path: Path | None = None
        self._listener = self._listen(folder)
        self._stop, self._stopped = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="doorbell", daemon=True)
        self._thread.start()

    @property
    def address(self) -> dict[str, object]:
        """What `ring` needs to know."""
        if self._path is not None:
            return {"socket": str(self._path), "token": self._token}
        return {"port": self._listener.getsockname()[1], "token": self._token}

    def close(self) -> None:
        """Stop listening and take the socket's file away."""
        self._stop.close()
        self._thread.join()
        self._stopped.close()
        self._listener.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        if self._own_folder is not None:
            self._own_folder.rmdir()

    def _listen(self, folder: Path) -> socket.socket:
        if not hasattr(socket, "AF_UNIX"):
            listener = socket.create_server(("127.0.0.1", 0))
            listener.settimeout(PATIENCE_S)
            return listener
        path = folder / "hearth.sock"
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            self._own_folder = Path(tempfile.mkdtemp(prefix="hearth-"))
            path = self._own_folder / "hearth.sock"
        # Whoever calls holds the lock of the data folder: a socket that is there is a dead one.
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(path))
            path.chmod(0o600)
            listener.listen()
            listener.settimeout(PATIENCE_S)
        except BaseException:
            listener.close()
            raise
        self._path = path
        return listener

    def _serve(self) -> None:
        while True:
            ready, _, _ = select.select([self._listener, self._stopped], [], [])
            if self._stopped in ready:
                return
            try:
                caller, _ = self._listener.accept()
                with caller:
                    self._answer(caller)
            except OSError as error:
                # A caller that went away, or said nothing: the next one is welcome.
                log.info("a second start broke off: %s", error)

    def _answer(self, caller: socket.socket) -> None:
        caller.settimeout(PATIENCE_S)
        asked = _parse(_read_line(caller))
        token = asked.get("token")
        if not isinstance(token, str) or not hmac.compare_digest(
            token.encode("utf-8", "surrogatepass"), self._token.encode()
        ):
            log.warning("a second start came without the right token")
            return
        file = asked.get("open")
        self._ring(Path(file) if isinstance(file, str) else None)
        caller.sendall(_ANSWER)


def ring(address: Mapping[str, object], open_file: Path | None) -> bool:
    """Ask the app at `address` to come to the front. Tells whether it will."""
    line = {
        "token": address.get("token"),
        "open": str(open_file.absolute()) if open_file is not None else None,
    }
    with suppress(OSError), _connect(address) as connection:
        connection.sendall(json.dumps(line).encode() + b"\n")
        return _read_line(connection) == _ANSWER.strip()
    return False


def _connect(address: Mapping[str, object]) -> socket.socket:
    path, port = address.get("socket"), address.get("port")
    if isinstance(port, int):
        return socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    if not isinstance(path, str) or not hasattr(socket, "AF_UNIX"):
        raise OSError("no address")
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(PATIENCE_S)
        connection.connect(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _read_line(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n") and len(data) < LONGEST_LINE:
        more = connection.recv(4096)
        if not more:
            break
        data += more
    return data.strip()


def _parse(line: bytes) -> dict[str, object]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
