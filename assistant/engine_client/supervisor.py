"""Keeps the engine program running, and says so when it can't."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from assistant.domain.errors import (
    EngineCrashedError,
    EngineGaveUpError,
    EngineUnavailableError,
    HearthError,
)
from assistant.domain.events import EngineStateChanged, Event
from assistant.engine_client.process import EngineProcess, describe_exit
from assistant.engine_client.protocol import EngineClient

_LOGGER = logging.getLogger("hearth.engine")
_READY_SECONDS = 30.0
_BACKOFF_SECONDS = (0.0, 1.0, 5.0, 30.0)
_BACKOFF_MEMORY_SECONDS = 600.0
_GIVE_UP_DEATHS = 3
_GIVE_UP_WITHIN_SECONDS = 120.0


class EngineSupervisor:
    """Starts the engine on first use and again after each death.

    A restart waits 0, 1, 5, then 30 s, counting the deaths of the last ten minutes; three
    deaths within two minutes and it stays off until `restart`. Each restart makes a new
    client: models have to be loaded again.

    Args:
        command: the program and words that come before `serve`, or what finds them out when
            the engine is first needed (raising EngineUnavailableError).
        publish: gets `EngineStateChanged`.
        clock: seconds, monotonic.
        sleep: waits that many seconds.
        variables: our environment.

    """

    def __init__(
        self,
        command: Sequence[str] | Callable[[], Sequence[str]],
        publish: Callable[[Event], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        variables: Mapping[str, str] | None = None,
        ready_timeout_s: float = _READY_SECONDS,
    ) -> None:
        self._command = command
        self._publish = publish
        self._clock = clock
        self._sleep = sleep
        self._variables = os.environ if variables is None else variables
        self._ready_timeout_s = ready_timeout_s
        self._deaths: list[float] = []
        self._keeper: asyncio.Task[None] | None = None
        self._client: asyncio.Future[EngineClient] | None = None
        self._process: EngineProcess | None = None
        self._gave_up = False

    async def start(self) -> EngineClient:
        """Give a client of the running engine; starts it, or waits for its restart.

        An engine that does not answer, though its process may still be there, is ended first.

        Raises:
            EngineUnavailableError: the program can't be started at all.
            EngineGaveUpError: it died three times within two minutes.

        """
        while True:
            if self._gave_up:
                raise EngineGaveUpError
            if self._keeper is None or self._keeper.done():
                self._renew_promise()
                self._keeper = asyncio.create_task(self._keep_running(), name="engine")
            promise = self._client or self._renew_promise()
            has_just_started = not promise.done()
            client = await asyncio.shield(promise)
            if has_just_started or await self._is_well(client):
                return client

    async def stop(self) -> None:
        """End the engine; it is gone within two seconds or is killed."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
        self._fail(EngineUnavailableError(detail="it was stopped"))

    async def restart(self) -> None:
        """Start afresh by the user's own wish, also after it gave up.

        Raises:
            EngineUnavailableError: the program can't be started at all.

        """
        await self.stop()
        self._gave_up = False
        self._deaths.clear()
        await self.start()

    async def _keep_running(self) -> None:
        was_ready = False
        while not self._gave_up:
            try:
                await self._run_once()
                was_ready = True
            except EngineUnavailableError as error:
                _LOGGER.warning("The engine could not be started: %s", error.params["detail"])
                if not was_ready:
                    self._fail(error)
                    self._publish(EngineStateChanged(ready=False, error=error))
                    return
            await self._mourn()

    async def _is_well(self, client: EngineClient) -> bool:
        """Ask for a sign of life; without one, see to it that another engine takes its place."""
        try:
            await client.health()
        except EngineUnavailableError:
            if self._process is not None and self._process.client is client:
                self._process.kill()
            if self._client is not None and self._client.done():
                self._renew_promise()
            return False
        return True

    async def _run_once(self) -> None:
        """One life of the engine, from its start to its death."""
        command = self._command() if callable(self._command) else self._command
        process = await EngineProcess.spawn(command, self._variables)
        try:
            client = await process.become_ready(self._ready_timeout_s)
            _LOGGER.info("The engine is ready (process %d)", process.pid)
            self._process = process
            self._renew_promise().set_result(client)
            self._publish(EngineStateChanged(ready=True))
            status = await process.ended()
            self._renew_promise()
        finally:
            await process.stop()
        _LOGGER.warning("The engine ended with %s", describe_exit(status))

    async def _mourn(self) -> None:
        """Note a death; wait for the next start, or give up."""
        now = self._clock()
        self._deaths = [at for at in self._deaths if now - at < _BACKOFF_MEMORY_SECONDS] + [now]
        self._renew_promise()
        recent = [at for at in self._deaths if now - at < _GIVE_UP_WITHIN_SECONDS]
        if len(recent) >= _GIVE_UP_DEATHS:
            self._gave_up = True
            self._fail(EngineGaveUpError())
            self._publish(EngineStateChanged(ready=False, error=EngineGaveUpError()))
            return
        self._publish(EngineStateChanged(ready=False, error=EngineCrashedError()))
        step = min(len(self._deaths), len(_BACKOFF_SECONDS)) - 1
        await self._sleep(_BACKOFF_SECONDS[step])

    def _renew_promise(self) -> asyncio.Future[EngineClient]:
        """Promise the next client; a promise that was kept is replaced."""
        if self._client is None or self._client.done():
            self._client = asyncio.get_running_loop().create_future()
        return self._client

    def _fail(self, error: HearthError) -> None:
        client, self._client = self._client, None
        if client is None or client.done():
            return
        client.set_exception(error)
        client.exception()  # nobody may be waiting; then it is no unhandled error
