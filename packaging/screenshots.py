"""Makes the README's pictures from the real app, worked by the same robot as the tests.

    dev.py screenshots [--story-model FILE]

`--story-model`: a GGUF that tells stories; without it the picture of it stays as it is.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e.app import App  # noqa: E402  (path set above)
from tests.e2e.keyring_session import keyring_session  # noqa: E402  (path set above)
from tests.fakes.hub_server import FakeHub  # noqa: E402  (path set above)
from tests.fixtures.tiny_gguf import make_tiny_gguf  # noqa: E402  (path set above)

PICTURES = ROOT / "resources" / "screenshots"
# What the app says, where the pictures wait for it.
WORDS = {
    "en": {"ready": "ready", "new": "New chat", "finished": "finished"},
    "fa": {"ready": "آماده", "new": "گفت‌وگوی تازه", "finished": "پایان‌یافته"},
}
CHATS = (
    "What does a keyring hold?",
    "Names for a sailing boat",
    "Plan a week of simple dinners",
    "Tell me about the lamp by the sea",
)
REPO = "hearth-demo/Harbour-135M-GGUF"
FILES = {
    "Harbour-135M-Q4_K_M.gguf": bytes(105_454_432),
    "Harbour-135M-Q6_K.gguf": bytes(138_384_768),
    "Harbour-135M-Q8_0.gguf": bytes(144_811_360),
}


@contextmanager
def app(
    place: Path, *words: str, hub: str = "http://127.0.0.1:9", **settings: object
) -> Iterator[App]:
    """The app in a home of its own, with an unlocked keyring."""
    data = place / "data"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "settings.json").write_text(json.dumps({"recovery_offered": True, **settings}))
    with (
        keyring_session(place / "home") as env,
        App(data, *words, env={**env, "HF_ENDPOINT": hub}) as running,
    ):
        yield running
        running.quit()


def grab(running: App, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    running.do("grab", path=str(PICTURES / f"{name}.png"))
    print(f"resources/screenshots/{name}.png")


def answered(running: App, how: str) -> None:
    """Waits until the answer's statistics say why it ended."""
    running.wait("an answer", lambda: running.do("shows", text=how))


def chat(place: Path, name: str, **settings: object) -> None:
    """Some chats, the last of them open: Markdown, code, a table, three scripts."""
    words = WORDS[str(settings.get("language", "en"))]
    place.mkdir()
    model = make_tiny_gguf(place / "Harbour-135M-Q8_0.gguf", ends_after=428, name="Harbour 135M")
    with app(place, str(model.path), **settings) as running:
        running.wait("the model", lambda: pill(running).endswith(words["ready"]))
        for number, question in enumerate(CHATS):
            if number:
                running.click(words["new"])
            running.ask(question)
            answered(running, words["finished"])
        grab(running, name)


def pill(running: App) -> str:
    """What the model pill says to a screen reader."""
    says = (str(w["says"]) for w in running.do("widgets") if w["name"] == "modelPill")
    return next(says, "")


def first_start(place: Path) -> None:
    with app(place, theme="light") as running:
        running.wait("the greeting", lambda: running.do("read_all", name="dataFolder"))
        grab(running, "empty-light")


def guide(place: Path, name: str, help_wanted: str, too_much: str, **settings: object) -> None:
    """Without a model: an article with its button, and a question out of the Guide's depth."""
    with app(place, **settings) as running:
        running.wait("the greeting", lambda: running.do("read_all", name="dataFolder"))
        running.ask(help_wanted)
        running.wait_for("guideAction")
        running.ask(too_much)
        running.wait_for("downloadRecommended")
        grab(running, name)


def add_model(place: Path) -> None:
    with FakeHub() as hub:
        hub.add_repo(REPO, FILES)
        with app(place, hub=hub.url, theme="light") as running:
            running.click("Add model")
            running.type("repository", REPO)
            running.click("findFiles")
            running.wait("the files", lambda: running.do("shows", text="Q8_0"))
            grab(running, "add-model")


def story(place: Path, model: Path) -> None:
    with app(place, str(model), theme="light") as running:
        running.wait("the model", lambda: pill(running).endswith("ready"))
        running.ask("Once upon a time, there was a lighthouse by the sea")
        answered(running, "reached the limit")
        grab(running, "story")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--story-model", type=Path)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hearth-pictures-") as folder:
        place = Path(folder)
        first_start(place / "1")
        chat(place / "2", "chat-light", theme="light")
        chat(place / "3", "chat-dark", theme="dark")
        chat(place / "4", "chat-fa-dark", theme="dark", language="fa")
        add_model(place / "5")
        guide(
            place / "6",
            "guide-light",
            "How do I add a model?",
            "Write an email to my landlord about the broken heating",
            theme="light",
        )
        guide(
            place / "7",
            "guide-fa-dark",
            "چطور مدل اضافه کنم؟",
            "نامه‌ای به صاحب‌خانه دربارهٔ خرابی گرمایش بنویس",
            theme="dark",
            language="fa",
        )
        if words.story_model is not None:
            story(place / "8", words.story_model.resolve())


if __name__ == "__main__":
    main()
