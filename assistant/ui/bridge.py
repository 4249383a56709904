"""The whole threading story of the app.

Qt lives on the main thread, every service on one asyncio thread. The window calls services
with `Bridge.run`; results and events come back as queued signals, so no other code of the
window ever sees a second thread.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from assistant.domain.errors import HearthError
from assistant.domain.events import Event

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Job:
    """A running call of a service, so that it can be called off."""

    def __init__(self, future: "Future[Any]") -> None:
        self._future = future

    def cancel(self) -> None:
        """Call it off. Neither its result nor an error is delivered then."""
        self._future.cancel()

    @property
    def done(self) -> bool:
        """Whether it has come to its end, whatever that was."""
        return self._future.done()


class Bridge(QObject):
    """One asyncio thread, and the only way to it and back."""

    happened = Signal(object)
    """An `Event` of a service, on the main thread."""

    failed = Signal(object)
    """A `HearthError` that the caller left to the window."""

    crashed = Signal(object)
    """Any other exception: a bug, to be reported with its stack."""

    _returned = Signal(object)
    _published = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="hearth-services", daemon=True)
        self._open = True
        self._returned.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._published.connect(self._hand_on, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    def publish(self, event: Event) -> None:
        """Bring an event to the main thread. Callable from any thread."""
        if self._open:
            self._published.emit(event)

    def run(
        self,
        work: Coroutine[Any, Any, Result],
        on_result: Callable[[Result], None] | None = None,
        on_error: Callable[[HearthError], None] | None = None,
    ) -> Job:
        """Run a service's coroutine; the callbacks are called on the main thread.

        Without `on_error` a `HearthError` goes to the signal `failed`. Anything that is not a
        `HearthError` is a bug and goes to `crashed`.
        """
        if not self._open:
            work.close()
            future: Future[Result] = Future()
            future.cancel()
            return Job(future)
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        future.add_done_callback(lambda ended: self._ended(ended, on_result, on_error))
        return Job(future)

    def close(self, last: Coroutine[Any, Any, None] | None = None, timeout_s: float = 3.0) -> bool:
        """Run `last` (closing the services), call off what still runs, end the thread.

        Gives False if the thread did not end in time. The main thread waits here, and only here.
        """
        if not self._open:
            if last is not None:
                last.close()
            return True
        self._open = False
        asyncio.run_coroutine_threadsafe(self._wind_up(last, timeout_s * 0.8), self._loop)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()

    async def _wind_up(self, last: Coroutine[Any, Any, None] | None, timeout_s: float) -> None:
        try:
            if last is not None:
                await asyncio.wait_for(last, timeout_s)
        except TimeoutError:
            _log.warning("the services did not close in time")
        except Exception:  # noqa: BLE001 - the app ends; what failed is in the log
            _log.exception("closing the services failed")
        finally:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            self._loop.call_soon(self._loop.stop)

    def _ended(
        self,
        future: "Future[Result]",
        on_result: Callable[[Result], None] | None,
        on_error: Callable[[HearthError], None] | None,
    ) -> None:
        if not self._open or future.cancelled():
            return
        self._returned.emit(lambda: self._settle(future, on_result, on_error))

    def _settle(
        self,
        future: "Future[Result]",
        on_result: Callable[[Result], None] | None,
        on_error: Callable[[HearthError], None] | None,
    ) -> None:
        try:
            result = future.result()
        except (CancelledError, asyncio.CancelledError):
            return
        except HearthError as error:
            (on_error or self.failed.emit)(error)
        except Exception as error:  # noqa: BLE001 - a bug, shown with its stack
            _log.exception("a service failed in an unforeseen way")
            self.crashed.emit(error)
        else:
            if on_result is not None:
                on_result(result)

    def _deliver(self, call: Callable[[], None]) -> None:
        if self._open:
            call()

    def _hand_on(self, event: Event) -> None:
        if self._open:
            self.happened.emit(event)
