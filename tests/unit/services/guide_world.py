"""The Guide as its tests script it, and a chat service that has it and no other model."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.domain.chat import ChatId, Message
from assistant.domain.guide import Article, GuideAction, GuidePart, GuideReply, Recommendation
from assistant.domain.llm import InstalledModel, ModelId
from assistant.services.chat import ChatService
from tests.unit.services.chat_world import World

OTHER = ChatId("c2")
ARTICLE = Article("add-model", "en", "Add a model", "Open **Models**.", GuideAction.ADD_MODEL)
MODEL = Recommendation("Qwen3 4B", "o/n", "n.gguf", 2_500_000_000)
HELP = GuideReply(GuidePart.HELP, "en", ARTICLE.text, article=ARTICLE)
BEYOND = GuideReply(GuidePart.BEYOND, "en", "That is beyond me.", recommendation=MODEL)
TALK = GuideReply(GuidePart.TALK, "en", prompt="hi")
PASSAGE = GuideReply(GuidePart.PASSAGE, "en", prompt="Passage: A.\nQuestion: b?")


def the_guide() -> InstalledModel:
    return InstalledModel(
        ModelId("sha256:guide"), "Guide", Path("/guide.gguf"), 8, verified=True, owned=False,
        built_in=True,
    )  # fmt: skip


@dataclass
class ScriptedGuide:
    """Replies by the first word of a message, as the real one would by what it means."""

    heard: list[tuple[str, int]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def reply(self, text: str, before: Sequence[Message] = ()) -> GuideReply:
        self.heard.append((text, len(before)))
        self.threads.add(threading.get_ident())
        kinds = {"help": HELP, "write": BEYOND, "hi": TALK, "passage": PASSAGE}
        return kinds[text.split(maxsplit=1)[0]]


def chat_with_guide(world: World, guide: ScriptedGuide) -> ChatService:
    world.installed = []
    world.built_in = the_guide()
    return ChatService(
        world, world, world.settings, world, world.publish,
        guide=guide, clock=world.clock.now, sleep=world.clock.sleep,
    )  # fmt: skip
