"""The one thread that may touch the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class DatabaseThread:
    """Runs calls one after the other on its own thread, in the order in which they came."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `function` there and give its result, or raise what it raised.

        A call that was made is carried out even where the caller is cancelled: a text that was
        to be saved is saved. RuntimeError after `close`.
        """
        future = self._executor.submit(function, *args, **kwargs)
        return await asyncio.shield(asyncio.wrap_future(future))

    async def close(self) -> None:
        """Wait for what was asked for, then end the thread. Harmless when repeated."""
        await asyncio.to_thread(self._executor.shutdown, wait=True)
