"""One run of the engine program: from its start to its surely being gone."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.domain.errors import EngineFaultError, EngineUnavailableError
from assistant.engine_client.environment import clean_environment, private_folder, socket_in
from assistant.engine_client.http_client import HttpEngineClient
from assistant.engine_client.log import EngineLog
from assistant.engine_client.wire import JsonObject

_TOKEN_BYTES = 32
_LOOPBACK = "127.0.0.1"
_LAST_WORDS_S = 2.0


class EngineProcess:
    """The program `hearth-engine serve`, its private socket and its secret.

    Its standard input stays open as long as it is wanted: the engine ends itself when that
    ends, so it can't outlive this program, however this program ends. On Linux its children
    also ask for a signal at their parent's death. Where there are process groups, the program
    gets its own: Ctrl+C in a terminal is ours, and a kill reaches its workers too. On Windows
    the end of the standard input does this alone; the program holds its workers in a job
    object of its own.
    """

    def __init__(self, process: asyncio.subprocess.Process, folder: Path | None) -> None:
        self._process = process
        self._folder = folder
        self._log = EngineLog()
        self._readers: list[asyncio.Task[None]] = []
        self.client: HttpEngineClient | None = None

    @classmethod
    async def spawn(cls, command: Sequence[str], variables: Mapping[str, str]) -> "EngineProcess":
        """Start the program; it is not ready yet.

        Args:
            command: the program, and words that come before `serve`.
            variables: our environment.

        Raises:
            EngineUnavailableError: the program is missing or can't be run.

        """
        folder = None
        where = ["--listen", f"{_LOOPBACK}:0"]
        try:
            folder = private_folder(variables)
            if folder is not None:
                where = ["--socket", str(socket_in(folder))]
            process = await asyncio.create_subprocess_exec(
                *command,
                "serve",
                *where,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=clean_environment(variables),
                start_new_session=True,
                creationflags=_creation_flags(),
            )
        except BaseException as error:
            _remove(folder)
            if isinstance(error, OSError):
                raise EngineUnavailableError(detail=error.strerror or "it can't be run") from error
            raise
        return cls(process, folder)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    async def become_ready(self, timeout_s: float) -> HttpEngineClient:
        """Hand over the secret and wait for the ready line.

        Raises:
            EngineUnavailableError: the program ended, said something else, or took longer than
                `timeout_s` seconds.

        """
        stdout, stderr = self._process.stdout, self._process.stderr
        if stdout is None or stderr is None:
            raise EngineUnavailableError(detail="it has no pipes")
        self._readers.append(asyncio.create_task(self._log.drain(stderr)))
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        try:
            async with asyncio.timeout(timeout_s):
                await self._write_line(token)
                line = await stdout.readline()
        except TimeoutError as error:
            raise EngineUnavailableError(detail=f"not ready within {timeout_s:g} s") from error
        except ValueError as error:  # a line longer than the reader's limit
            raise EngineUnavailableError(detail="it said something odd") from error
        if not line:
            raise EngineUnavailableError(detail=await self._why_it_ended())
        self._readers.append(asyncio.create_task(self._log.drain(stdout)))
        self.client = self._client_for(line, token)
        return self.client

    async def ended(self) -> int:
        """Wait for the end of the program; give its exit status (negative: the signal)."""
        return await self._process.wait()

    async def stop(self, patience_s: float = 2.0) -> None:
        """End it: ask by ending its standard input, insist after `patience_s` seconds."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        # Not `asyncio.timeout`: before Python 3.11.4 it ends in CancelledError, not TimeoutError,
        # within a task that was cancelled, and that is where this is called from.
        end = asyncio.create_task(self._process.wait())
        await asyncio.wait({end}, timeout=patience_s)
        if not end.done():
            self.kill()
        await end
        await self.clean_up()

    async def clean_up(self) -> None:
        """After its end: workers that are left, connections, readers and folder go."""
        self.kill()
        if self.client is not None:
            await self.client.aclose()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        _remove(self._folder)

    def kill(self) -> None:
        """End the program and its workers now. Harmless where they have ended."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _write_line(self, text: str) -> None:
        stdin = self._process.stdin
        if stdin is None:
            return
        # A program that ended already is reported by its missing ready line.
        with contextlib.suppress(ConnectionError):
            stdin.write(text.encode() + b"\n")
            await stdin.drain()

    def _client_for(self, ready_line: bytes, token: str) -> HttpEngineClient:
        try:
            ready = JsonObject.parse(ready_line)
            address = ready.text("address")
        except EngineFaultError as error:
            raise EngineUnavailableError(detail="it said something odd") from error
        if not ready.flag("ready"):
            raise EngineUnavailableError(detail="it is not ready")
        if self._folder is not None:
            return HttpEngineClient(token, socket=socket_in(self._folder))
        if not address.startswith(f"{_LOOPBACK}:"):
            raise EngineUnavailableError(detail="it listens where it was not told to")
        return HttpEngineClient(token, address=address)

    async def _why_it_ended(self) -> str:
        end = asyncio.create_task(self._process.wait())
        await asyncio.wait({end}, timeout=_LAST_WORDS_S)
        # It is of no use any more, nor is a child that still holds its streams.
        self.kill()
        status = await end
        await asyncio.gather(*self._readers)
        last = self._log.last_line()
        return f"it ended with {describe_exit(status)}" + (f": {last}" if last else "")


def _creation_flags() -> int:
    """On Windows: no console window beside ours."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


def describe_exit(status: int) -> str:
    """An exit status in words: `status 1`, `signal SIGKILL`."""
    if status >= 0:
        return f"status {status}"
    try:
        return f"signal {signal.Signals(-status).name}"
    except ValueError:
        return f"signal {-status}"


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
