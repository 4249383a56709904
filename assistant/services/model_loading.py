"""The one model that chats use: chosen, loaded, loaded again after the engine was restarted."""

import asyncio
import logging
import time
from collections.abc import Callable

from assistant.domain.errors import EngineCancelledError, HearthError
from assistant.domain.events import Event, ModelStateChanged
from assistant.domain.generation import ModelFile
from assistant.domain.llm import InstalledModel, LoadedInfo, LoadState
from assistant.engine_client.protocol import EngineClient, EngineSource
from assistant.settings.store import SettingsStore
from assistant.settings.table import CONTEXT_TOKENS, LAST_MODEL

_LOGGER = logging.getLogger(__name__)
_TELL_EVERY_SECONDS = 1 / 30


class ModelLoader:
    """Loads a model when it is needed; a new engine, or a dead worker, needs it again."""

    def __init__(
        self,
        source: EngineSource,
        settings: SettingsStore,
        publish: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._settings = settings
        self._publish = publish
        self._clock = clock
        self._client: EngineClient | None = None
        self._loading: asyncio.Task[tuple[EngineClient, LoadedInfo]] | None = None
        self.model: InstalledModel | None = None
        self.info: LoadedInfo | None = None

    async def use(self, model: InstalledModel) -> None:
        """Load a model in the place of the one in use, whose load is cancelled if it goes on.

        Cancelling the caller cancels the load. Returns early, without an error, where another
        call chose another model meanwhile. Raises what `EngineSource.start` and
        `EngineClient.load` raise.
        """
        await self.choose(model)
        try:
            await self.ready(model)
        except EngineCancelledError:
            if self._in_use(model):
                raise
        except asyncio.CancelledError:
            if self._in_use(model):
                self._abandon_load(model)
            raise

    async def choose(self, model: InstalledModel) -> None:
        """Give up the model in use for another one, which is loaded when it is needed."""
        previous = self.model
        if previous is not None and not self._in_use(model):
            self.model = model
            await self._give_back(previous)

    async def ready(self, model: InstalledModel) -> tuple[EngineClient, LoadedInfo]:
        """Give an engine that has the model loaded; loads it where need be.

        Cancelling the caller leaves the load going on. Raises as `use`, and EngineCancelledError
        where another model is in use by now.
        """
        self.model = self.model or model
        client = await self._source.start()
        if not self._in_use(model):
            raise EngineCancelledError
        if client is self._client and self.info is not None:
            return client, self.info
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._load(model))
        loading = self._loading
        try:
            return await asyncio.shield(loading)
        except asyncio.CancelledError:
            if loading.cancelled() and not _is_cancelled():
                raise EngineCancelledError from None
            raise

    def forget(self) -> None:
        """Note that the model is not loaded any more: its worker died."""
        if self.model is not None and self.info is not None:
            self._publish(ModelStateChanged(self.model.id, LoadState.UNLOADED))
        self.info = None

    async def unload(self) -> None:
        """Cancel a load, give the memory back. The engine being off is no error."""
        previous, self.model = self.model, None
        if previous is not None:
            await self._give_back(previous)

    async def end_worker(self) -> None:
        """End the process that runs the model; the next question loads it again."""
        client, model = self._client, self.model
        if client is not None and model is not None and self.info is not None:
            self.forget()
            await self._end_worker(client, model)

    async def cancel_load(self) -> None:
        """End a load that goes on."""
        loading, self._loading = self._loading, None
        if loading is not None and not loading.done():
            loading.cancel()
            await asyncio.wait({loading})

    def _abandon_load(self, model: InstalledModel) -> None:
        loading, self._loading = self._loading, None
        if loading is not None and not loading.done():
            loading.cancel()
            self._publish(ModelStateChanged(model.id, LoadState.UNLOADED))

    async def _give_back(self, model: InstalledModel) -> None:
        client = self._client if self.info is not None else None
        self._client = self.info = None
        await self.cancel_load()
        self._publish(ModelStateChanged(model.id, LoadState.UNLOADED))
        if client is not None:
            await self._end_worker(client, model)

    async def _end_worker(self, client: EngineClient, model: InstalledModel) -> None:
        try:
            await client.unload(model.id)
        except HearthError as error:
            _LOGGER.info("Nothing to unload: %s", error)

    def _in_use(self, model: InstalledModel) -> bool:
        """Whether this is the model in use; its id changes once its file was hashed."""
        used = self.model
        return used is not None and (used.id == model.id or used.path == model.path)

    async def _load(self, model: InstalledModel) -> tuple[EngineClient, LoadedInfo]:
        self.info = None
        self._publish(ModelStateChanged(model.id, LoadState.LOADING))
        try:
            client = await self._source.start()
            context = None if model.built_in else self._settings.get(CONTEXT_TOKENS)
            file = ModelFile(model.id, model.path, context)
            info = await client.load(file, self._progress_of(model))
        except HearthError as error:
            self._publish(ModelStateChanged(model.id, LoadState.FAILED, error=error))
            raise
        self.info, self._client = info, client
        await self._remember(model)
        self._publish(ModelStateChanged(model.id, LoadState.READY, 1.0, info))
        return client, info

    def _progress_of(self, model: InstalledModel) -> Callable[[float], None]:
        told = self._clock()

        def tell(progress: float) -> None:
            nonlocal told
            if self._clock() - told >= _TELL_EVERY_SECONDS:
                told = self._clock()
                self._publish(ModelStateChanged(model.id, LoadState.LOADING, progress))

        return tell

    async def _remember(self, model: InstalledModel) -> None:
        """A choice that can't be stored is no reason to have no model now. The Guide is none."""
        if model.built_in or self._settings.get(LAST_MODEL) == model.id:
            return
        try:
            await asyncio.to_thread(self._settings.set, LAST_MODEL, model.id)
        except (OSError, HearthError) as error:
            _LOGGER.warning("The model in use can't be remembered: %s", error)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
