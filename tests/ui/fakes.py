"""Small services that remember in memory and do as the test tells them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.domain.chat import (
    AnswerStats,
    Chat,
    ChatId,
    Message,
    MessageId,
    MessageState,
    Provenance,
    Role,
)
from assistant.domain.errors import HearthError, SettingsUnreadableError
from assistant.domain.events import (
    ChatsChanged,
    DownloadChanged,
    Event,
    MessageAdded,
    MessageEnded,
    MessageGrew,
    ModelsChanged,
    ModelStateChanged,
)
from assistant.domain.generation import GenerationOptions
from assistant.domain.guide import GUIDE_NAME, GuidePart, Recommendation
from assistant.domain.llm import (
    Download,
    DownloadState,
    HubFile,
    HubPart,
    HubRepo,
    InstalledModel,
    LoadedInfo,
    LoadState,
    ModelId,
)
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.settings.table import GUIDE_SHOWN, Setting

NOW = datetime.now(tz=UTC)
STATS = AnswerStats(
    prompt_tokens=1900,
    completion_tokens=214,
    context_tokens=8192,
    first_token_ms=310.0,
    predicted_per_second=41.2,
    finish_reason="stop",
)
QWEN = InstalledModel(
    id=ModelId("sha256:" + "a" * 64),
    name="Qwen3-4B-Q4_K_M",
    path=Path("/models/qwen.gguf"),
    size_bytes=2_500_000_000,
    verified=True,
    repo="Qwen/Qwen3-4B-GGUF",
)
TINY = InstalledModel(
    id=ModelId("sample:10:" + "b" * 64),
    name="stories260K",
    path=Path("/elsewhere/stories260K.gguf"),
    size_bytes=1_185_376,
    verified=False,
    owned=False,
)
GUIDE = InstalledModel(
    id=ModelId("sha256:" + "9" * 64),
    name=GUIDE_NAME,
    path=Path("/resources/guide.gguf"),
    size_bytes=7_900_000,
    verified=True,
    owned=False,
    built_in=True,
)
RECOMMENDED = Recommendation(
    "Qwen3-4B", "Qwen/Qwen3-4B-GGUF", "Qwen3-4B-Q4_K_M.gguf", 2_500_000_000
)
REPO = HubRepo(
    repo="Qwen/Qwen3-4B-GGUF",
    commit="c" * 40,
    files=(
        HubFile("Qwen3-4B-Q8_0.gguf", 4_280_000_000, (HubPart("a", 4_280_000_000, "d" * 64),)),
        HubFile("Qwen3-4B-Q4_K_M.gguf", 2_500_000_000, (HubPart("b", 2_500_000_000, "e" * 64),)),
    ),
    endpoint="https://huggingface.co",
)


def chat(number: int, title: str, days_ago: int = 0) -> Chat:
    when = NOW - timedelta(days=days_ago)
    return Chat(ChatId(f"chat-{number}"), title, when, when)


def message(number: int, chat_id: str, role: Role, text: str, **other: Any) -> Message:
    return Message(
        id=MessageId(f"message-{number}"),
        chat_id=ChatId(chat_id),
        parent_id=other.pop("parent_id", None),
        role=role,
        text=text,
        state=other.pop("state", MessageState.DONE),
        created_at=NOW,
        **other,
    )


def marked(part: GuidePart, **other: object) -> Provenance:
    """What an answer of the Guide carries."""
    options: dict[str, object] = {"guide": part.value, "language": "en", **other}
    if part is GuidePart.BEYOND and not other:
        options |= {
            name: getattr(RECOMMENDED, name) for name in ("name", "repo", "file", "size_bytes")
        }
    return Provenance(GUIDE.id, GUIDE_NAME, options)


class FakeHistory:
    def __init__(self, publish: Callable[[Event], None]) -> None:
        self.publish = publish
        self.all: list[Chat] = []
        self.hidden: set[ChatId] = set()
        self.purged = 0
        self.stored: dict[ChatId, list[Message]] = {}
        self.fail_create: HearthError | None = None
        self.slow: asyncio.Event | None = None

    async def chats(self) -> list[Chat]:
        return [each for each in self.all if each.id not in self.hidden]

    async def create_chat(self, title: str = "") -> Chat:
        if self.fail_create is not None:
            raise self.fail_create
        made = chat(100 + len(self.all), title)
        self.all.insert(0, made)
        self.stored[made.id] = []
        self.publish(ChatsChanged())
        return made

    async def rename_chat(self, chat_id: ChatId, title: str) -> None:
        self.all = [replace(c, title=title) if c.id == chat_id else c for c in self.all]
        self.publish(ChatsChanged())

    async def delete_chat(self, chat_id: ChatId) -> None:
        self.hidden.add(chat_id)
        self.publish(ChatsChanged())

    async def undo_delete(self, chat_id: ChatId) -> None:
        self.hidden.discard(chat_id)
        self.publish(ChatsChanged())

    async def purge_deleted(self) -> None:
        self.purged += 1
        self.all = [each for each in self.all if each.id not in self.hidden]
        self.hidden.clear()

    async def messages(self, chat_id: ChatId) -> list[Message]:
        found = list(self.stored.get(chat_id, []))
        if self.slow is not None:
            await self.slow.wait()
        return found


class FakeVault:
    def __init__(self, history: FakeHistory, status: VaultStatus) -> None:
        self._history = history
        self.status = status
        self.passphrase = "correct horse"
        self.codes = 0
        self.after_open = status
        self.calls: list[str] = []
        self.closed = False

    @property
    def history(self) -> FakeHistory | None:
        return self._history if self.status.state == VaultState.OPEN else None

    async def open(self) -> VaultStatus:
        self.calls.append("open")
        self.status = self.after_open
        return self.status

    async def unlock_with_passphrase(self, passphrase: str) -> VaultStatus:
        from assistant.domain.errors import WrongPassphraseError

        self.calls.append("passphrase")
        if passphrase != self.passphrase:
            self.status = replace(self.status, problem=WrongPassphraseError())
        else:
            self._unlock(Protection.PASSPHRASE)
        return self.status

    async def unlock_with_recovery_code(self, code: str) -> VaultStatus:
        from assistant.domain.errors import WrongRecoveryCodeError

        self.calls.append("code")
        if code != "GOOD-CODE":
            self.status = replace(self.status, problem=WrongRecoveryCodeError())
        else:
            self._unlock(Protection.KEYRING)
        return self.status

    async def choose_passphrase(self, passphrase: str) -> VaultStatus:
        self.calls.append("choose")
        self.passphrase = passphrase
        self._unlock(Protection.PASSPHRASE)
        return self.status

    async def choose_unencrypted(self) -> VaultStatus:
        self.calls.append("plain")
        self._unlock(Protection.NONE)
        return self.status

    async def make_recovery_code(self) -> str:
        self.codes += 1
        self.status = replace(self.status, has_recovery_code=True)
        return "7Q2MX-K4R8T-9WZPC-3HNVD"

    async def close(self) -> None:
        self.closed = True

    def _unlock(self, protection: Protection) -> None:
        self.status = VaultStatus(VaultState.OPEN, protection, has_recovery_code=False)


class FakeDownloads:
    def __init__(self, publish: Callable[[Event], None]) -> None:
        self.publish = publish
        self.repo = REPO
        self.fail: HearthError | None = None
        self.all: dict[str, Download] = {}
        self.calls: list[tuple[str, str]] = []

    async def look_up(self, text: str) -> HubRepo:
        self.calls.append(("look_up", text))
        if self.fail is not None:
            raise self.fail
        return self.repo

    async def start(self, repo: HubRepo, file: HubFile) -> Download:
        self.calls.append(("start", file.name))
        if self.fail is not None:
            raise self.fail
        made = Download(
            f"download-{len(self.all)}",
            repo.repo,
            file.name,
            DownloadState.RUNNING,
            file.size_bytes,
            0,
        )
        self.all[made.id] = made
        return made

    def leave_unfinished(self, wanted: Recommendation, received: int) -> None:
        """An earlier run began it."""
        self.all["left"] = Download(
            "left", wanted.repo, wanted.file, DownloadState.PAUSED, wanted.size_bytes, received
        )

    async def pause(self, download_id: str) -> None:
        self.change(download_id, state=DownloadState.PAUSED)

    async def resume(self, download_id: str) -> None:
        self.change(download_id, state=DownloadState.RUNNING)

    async def cancel(self, download_id: str) -> None:
        self.change(download_id, state=DownloadState.CANCELLED)

    def change(self, download_id: str, **values: Any) -> None:
        self.all[download_id] = replace(self.all[download_id], **values)
        self.publish(DownloadChanged(self.all[download_id]))

    def downloads(self) -> Sequence[Download]:
        return list(self.all.values())

    async def restore(self) -> None:
        self.calls.append(("restore", ""))

    async def close(self) -> None:
        self.calls.append(("close", ""))


class FakeLibrary:
    def __init__(self, publish: Callable[[Event], None], settings: "FakeSettings") -> None:
        self.publish = publish
        self.settings = settings
        self.built_in: InstalledModel | None = None
        self.installed: list[InstalledModel] = []
        self.fail: HearthError | None = None
        self.slow: asyncio.Event | None = None

    async def models(self) -> list[InstalledModel]:
        found = list(self.installed)
        if self.slow is not None:
            await self.slow.wait()
        return found

    async def guide(self) -> InstalledModel | None:
        return self.built_in if self.settings.get(GUIDE_SHOWN) else None

    async def show_guide(self, *, shown: bool) -> None:
        if self.fail is not None:
            raise self.fail
        self.settings.set(GUIDE_SHOWN, shown)
        self.publish(ModelsChanged())

    async def add_file(self, path: Path) -> InstalledModel:
        if self.fail is not None:
            raise self.fail
        model = replace(TINY, name=path.stem, path=path)
        self.installed.append(model)
        self.publish(ModelsChanged())
        return model

    async def verify_all(self) -> None:
        digest = ModelId("sha256:" + "e" * 64)
        self.installed = [
            each if each.verified else replace(each, id=digest, verified=True)
            for each in self.installed
        ]
        self.publish(ModelsChanged())

    async def remove(self, model_id: ModelId) -> None:
        self.installed = [each for each in self.installed if each.id != model_id]
        self.publish(ModelsChanged())


class FakeChat:
    """Stores the question and begins an answer; the test writes it with `write` and `finish`.

    `provenance` is what the next answers carry. `answer_kept` answers what `keep` was told of.
    """

    def __init__(self, history: FakeHistory, publish: Callable[[Event], None]) -> None:
        self.history = history
        self.publish = publish
        self.model: InstalledModel | None = None
        self.loaded: LoadedInfo | None = None
        self.sent: list[str] = []
        self.stopped: list[ChatId] = []
        self.fail_send: HearthError | None = None
        self.fail_load: HearthError | None = None
        self.answers = 0
        self.answer: Message | None = None
        self.provenance: Provenance | None = None
        self.stood_for: Message | None = None
        self.kept_asked = 0
        self.asks_again = False
        self.fail_kept: HearthError | None = None
        self.closed = False

    async def send(
        self, chat_id: ChatId, text: str, options: GenerationOptions | None = None
    ) -> None:
        if self.fail_send is not None:
            raise self.fail_send
        self.sent.append(text)
        self.answers += 1
        lines = self.history.stored.setdefault(chat_id, [])
        question = message(1000 + self.answers, chat_id, Role.USER, text)
        lines.append(question)
        self.publish(MessageAdded(question))
        self.answer = message(
            2000 + self.answers,
            chat_id,
            Role.ASSISTANT,
            "",
            state=MessageState.STREAMING,
            parent_id=question.id,
            provenance=self.provenance,
        )
        lines.append(self.answer)
        self.publish(MessageAdded(self.answer))

    def say(self, text: str, part: GuidePart, **other: object) -> None:
        """The Guide answers what was asked last, all at once."""
        assert self.answer is not None
        self.answer = replace(self.answer, text=text, provenance=marked(part, **other))
        self.finish(stats=None)

    async def answer_kept(self) -> None:
        """Begins another answer to each question whose last answer is out of depth.

        With `asks_again`, at the end of its chat.
        """
        self.kept_asked += 1
        if self.fail_kept is not None:
            raise self.fail_kept
        for lines in self.history.stored.values():
            last = lines[1] if self.asks_again else lines[-1]
            if last.provenance is None or last.provenance.options.get("guide") != "beyond":
                continue
            self.answers += 1
            self.stood_for = last
            if self.asks_again:
                self._ask_again(lines)
                continue
            self.answer = replace(
                last,
                id=MessageId(f"message-{3000 + self.answers}"),
                text="",
                state=MessageState.STREAMING,
                provenance=None,
            )
            lines[-1] = self.answer
            self.publish(MessageAdded(self.answer))

    def _ask_again(self, lines: list[Message]) -> None:
        number, last = 4000 + self.answers, lines[-1]
        question = message(number, last.chat_id, Role.USER, lines[0].text, parent_id=last.id)
        self.answer = message(
            number + 1000,
            last.chat_id,
            Role.ASSISTANT,
            "",
            state=MessageState.STREAMING,
            parent_id=question.id,
        )
        for each in (question, self.answer):
            lines.append(each)
            self.publish(MessageAdded(each))

    def withdraw(self, error: HearthError) -> None:
        """The answer that stood in for the Guide's fails before its first word: it is gone."""
        assert self.answer is not None
        assert self.stood_for is not None
        lines = self.history.stored[self.answer.chat_id]
        if self.asks_again:
            del lines[-2:]
        else:
            lines[-1] = self.stood_for
        failed = replace(self.answer, state=MessageState.FAILED, error_code=error.code)
        self.publish(MessageEnded(failed, error))

    def write(self, added: str) -> None:
        assert self.answer is not None
        self.answer = replace(self.answer, text=self.answer.text + added)
        self.publish(MessageGrew(self.answer.chat_id, self.answer.id, added))

    def finish(
        self,
        state: MessageState = MessageState.DONE,
        error: HearthError | None = None,
        stats: AnswerStats | None = STATS,
    ) -> None:
        assert self.answer is not None
        code = error.code if error is not None else ""
        self.answer = replace(self.answer, state=state, stats=stats, error_code=code)
        lines = self.history.stored[self.answer.chat_id]
        lines[:] = [self.answer if each.id == self.answer.id else each for each in lines]
        self.publish(MessageEnded(self.answer, error))

    async def stop(self, chat_id: ChatId) -> None:
        self.stopped.append(chat_id)
        self.finish(MessageState.STOPPED)

    async def use_model(self, model: InstalledModel) -> None:
        self.publish(ModelStateChanged(model.id, LoadState.LOADING, 0.31))
        if self.fail_load is not None:
            raise self.fail_load
        await asyncio.sleep(0)
        self.model = model
        self.loaded = LoadedInfo(8192, 32768, "qwen3 4B Q4_K_M", True, "CPU")
        self.publish(ModelStateChanged(model.id, LoadState.READY, 1.0, self.loaded))

    async def unload(self) -> None:
        self.model = None
        self.loaded = None

    async def close(self) -> None:
        self.closed = True


class FakeSupervisor:
    def __init__(self) -> None:
        self.restarts = 0
        self.stopped = False

    async def restart(self) -> None:
        self.restarts += 1

    async def stop(self) -> None:
        self.stopped = True


class FakeSettings:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.problem: SettingsUnreadableError | None = None

    def get(self, setting: Setting[Any]) -> Any:
        return self.values.get(setting.key, setting.default)

    def set(self, setting: Setting[Any], value: Any) -> None:
        self.values[setting.key] = setting.read(value)


class FakeSecrets:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.fail: HearthError | None = None

    async def set(self, name: str, secret: str) -> None:
        if self.fail is not None:
            raise self.fail
        self.kept[name] = secret

    async def delete(self, name: str) -> None:
        self.kept.pop(name, None)


@dataclass
class FakePaths:
    root: Path


@dataclass
class FakeLock:
    on_raise: Callable[[Path | None], None] | None = None


@dataclass
class FakeServices:
    publish: Callable[[Event], None]
    root: Path
    status: VaultStatus = field(
        default_factory=lambda: VaultStatus(
            VaultState.OPEN, Protection.KEYRING, has_recovery_code=True
        )
    )

    def __post_init__(self) -> None:
        self.history = FakeHistory(self.publish)
        self.vault = FakeVault(self.history, self.status)
        self.downloads = FakeDownloads(self.publish)
        self.settings = FakeSettings()
        self.library = FakeLibrary(self.publish, self.settings)
        self.chat = FakeChat(self.history, self.publish)
        self.supervisor = FakeSupervisor()
        self.secrets = FakeSecrets()
        self.paths = FakePaths(self.root)
        self.lock: FakeLock | None = FakeLock()
