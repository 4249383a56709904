"""What the services need from an engine, whichever program it is."""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Protocol

from assistant.domain.generation import (
    GenerationEvent,
    GenerationOptions,
    ModelFile,
    PromptMessage,
)
from assistant.domain.llm import LoadedInfo


class EngineClient(Protocol):
    """A running engine.

    Both kinds of generation end with one `GenerationDone`. Closing the iterator before that
    (`contextlib.aclosing`) cancels the generation in the engine at once.
    """

    async def load(self, model: ModelFile, on_progress: Callable[[float], None]) -> LoadedInfo:
        """Load a model; cancelling the task cancels the load.

        Args:
            model: the file, and the name under which it is asked for afterwards.
            on_progress: called with 0 to 1 while the load goes on.

        Raises:
            ModelFileError: the file is not a model that can be run.
            ModelTooLargeError: it does not fit the memory.
            EngineCrashedError: the engine ended while loading.

        """
        ...

    async def unload(self, model_id: str) -> None:
        """Give a model's memory back; no error where it is not loaded."""
        ...

    def chat(
        self, model_id: str, messages: Sequence[PromptMessage], options: GenerationOptions
    ) -> AsyncGenerator[GenerationEvent, None]:
        """Answer a conversation through the model's own chat template.

        Raises:
            ContextExceededError: the conversation does not fit the context.
            EngineBusyError: the queue is full.
            EngineCrashedError: the engine ended in the middle of the answer.
            ModelNotFoundError: no model of this name is loaded.
            TemplateError: the model's chat template failed.

        """
        ...

    def complete(
        self, model_id: str, prompt: str, options: GenerationOptions
    ) -> AsyncGenerator[GenerationEvent, None]:
        """Continue a raw text. Raises what `chat` raises, but for `TemplateError`."""
        ...

    async def health(self) -> str:
        """Give the engine's version.

        Raises:
            EngineUnavailableError: no engine answers there.

        """
        ...

    async def aclose(self) -> None:
        """Close all connections; generations in progress are cancelled."""
        ...


class EngineSource(Protocol):
    """Whoever keeps an engine running."""

    async def start(self) -> EngineClient:
        """Give a client of the running engine, starting it first where need be.

        A new client object means a new engine: models must be loaded into it again.

        Raises:
            EngineUnavailableError: the program can't be started.
            EngineGaveUpError: it died too often.

        """
        ...
