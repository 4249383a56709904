"""What changed: services say it, whoever shows it decides what to do."""

from dataclasses import dataclass

from assistant.domain.chat import ChatId, Message, MessageId
from assistant.domain.errors import HearthError
from assistant.domain.llm import Download, LoadedInfo, LoadState, ModelId


@dataclass(frozen=True, slots=True)
class ChatsChanged:
    """The list of chats changed: a chat came, went, moved or got another title."""


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """A message was committed, or an answer was begun."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageGrew:
    """An answer in progress got more text. At most 30 per second for a chat."""

    chat_id: ChatId
    message_id: MessageId
    added: str


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """An answer reached its last state."""

    message: Message
    error: HearthError | None = None


@dataclass(frozen=True, slots=True)
class PromptReading:
    """A long prompt is being read: 0 to 1."""

    chat_id: ChatId
    message_id: MessageId
    fraction: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class ModelStateChanged:
    """A model was loaded, is loading (0 to 1), was unloaded or failed."""

    model_id: ModelId
    state: LoadState
    progress: float = 0.0
    info: LoadedInfo | None = None
    error: HearthError | None = None


@dataclass(frozen=True, slots=True)
class ModelsChanged:
    """Which models are on this disk changed."""


@dataclass(frozen=True, slots=True)
class DownloadChanged:
    """A download moved on."""

    download: Download


@dataclass(frozen=True, slots=True)
class EngineStateChanged:
    """The engine program came up (`ready`), died and is being restarted, or gave up."""

    ready: bool
    error: HearthError | None = None


Event = (
    ChatsChanged
    | MessageAdded
    | MessageGrew
    | MessageEnded
    | PromptReading
    | ModelStateChanged
    | ModelsChanged
    | DownloadChanged
    | EngineStateChanged
)
