from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.chat import AnswerStats, ChatId, MessageId, MessageState, Provenance, Role
from assistant.domain.errors import ChatNotFoundError, MessageNotFoundError
from assistant.storage.database import open_database
from assistant.storage.history import HistoryStore, create_history, open_history

PROVENANCE = Provenance(
    model_id="sha256:00", model_name="Tiny مدل", options={"temperature": 0.5, "stop": ["x"]}
)
STATS = AnswerStats(
    prompt_tokens=5,
    cached_tokens=2,
    completion_tokens=7,
    context_tokens=4096,
    first_token_ms=12.5,
    prompt_per_second=99.5,
    predicted_per_second=20.25,
    finish_reason="stop",
)


def say(store: HistoryStore, chat: ChatId, text: str, parent: MessageId | None = None) -> MessageId:
    return store.add_message(chat, parent, Role.USER, text).id


def test_a_chat_and_its_answer_are_there_after_opening_again(
    database: Path, key: bytes, backups: Path
) -> None:
    store = create_history(database, key, backups)
    chat = store.create_chat("Tea")
    question = store.add_message(chat.id, None, Role.USER, "چای چیست؟ 🍵")
    answer = store.add_message(chat.id, question.id, Role.ASSISTANT, "", PROVENANCE)
    assert answer.state is MessageState.STREAMING
    store.save_answer(answer.id, "A lea")
    ended = store.end_answer(
        answer.id, "A leaf.", MessageState.DONE, stats=STATS, error_code="", seed=42
    )
    store.close()

    again = open_history(database, key, backups)
    first, second = again.branch(chat.id)
    assert first == question
    assert second == ended
    assert second.text == "A leaf."
    assert second.stats == STATS
    assert second.provenance is not None
    assert second.provenance.seed == 42
    assert second.provenance.options == PROVENANCE.options
    assert second.provenance.model_name == "Tiny مدل"
    (listed,) = again.chats()
    assert listed.tip_id == second.id
    assert listed.created_at == chat.created_at
    again.close()


def test_newest_first_even_where_the_clock_goes_back(
    database: Path, key: bytes, backups: Path
) -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)

    def ticking_back() -> datetime:
        nonlocal now
        now -= timedelta(days=1)
        return now

    create_history(database, key, backups).close()
    store = HistoryStore(open_database(database, key, backups), ticking_back)
    chats = [store.create_chat(str(number)).id for number in range(4)]
    assert [chat.id for chat in store.chats()] == chats[::-1]
    first = say(store, chats[0], "hello")
    assert [chat.id for chat in store.chats()] == [chats[0], *chats[:0:-1]]
    store.close()

    store = HistoryStore(open_database(database, key, backups), ticking_back)
    assert say(store, chats[0], "again", first) > first
    store.close()


def test_renaming_does_not_reorder(store: HistoryStore) -> None:
    old, new = store.create_chat("old"), store.create_chat("new")
    store.rename_chat(old.id, "older")
    assert [chat.id for chat in store.chats()] == [new.id, old.id]
    assert store.chats()[1].title == "older"


def test_a_hidden_chat_comes_back_whole(store: HistoryStore) -> None:
    chat = store.create_chat("")
    say(store, chat.id, "keep me")
    before, messages = store.chats(), store.branch(chat.id)
    store.mark_deleted(chat.id)
    assert store.chats() == []
    with pytest.raises(ChatNotFoundError):
        store.branch(chat.id)
    with pytest.raises(ChatNotFoundError):
        say(store, chat.id, "late")
    store.undelete(chat.id)
    assert store.chats() == before
    assert store.branch(chat.id) == messages


def test_purging_takes_hidden_chats_only(store: HistoryStore) -> None:
    kept, gone = store.create_chat("kept"), store.create_chat("gone")
    text = say(store, kept.id, "stays")
    late = store.add_message(gone.id, say(store, gone.id, "goes"), Role.ASSISTANT, "", PROVENANCE)
    store.mark_deleted(gone.id)
    assert store.purge() == 1
    assert store.purge() == 0
    assert [chat.id for chat in store.chats()] == [kept.id]
    assert [message.id for message in store.branch(kept.id)] == [text]
    with pytest.raises(ChatNotFoundError):
        store.undelete(gone.id)
    with pytest.raises(MessageNotFoundError):
        store.save_answer(late.id, "more")


def test_a_very_deep_chat_can_be_read_and_purged(store: HistoryStore) -> None:
    chat = store.create_chat("")
    parent: MessageId | None = None
    # More than SQLite's depth of triggers (1,000), which a cascade along parents would meet.
    with store._database.writing() as tables:
        now = 0
        for number in range(2_500):
            identity = store._ids.next()
            tables.table("messages").insert(
                {
                    "id": identity,
                    "chat_id": chat.id,
                    "parent_id": parent,
                    "role": "user",
                    "text": str(number),
                    "state": "done",
                    "created_at": now,
                }
            )
            parent = MessageId(identity)
        tables.table("chats").update(chat.id, {"tip_id": parent})
    assert [message.text for message in store.branch(chat.id)] == [str(n) for n in range(2_500)]
    store.mark_deleted(chat.id)
    assert store.purge() == 1


def test_a_parent_of_another_chat_is_refused(store: HistoryStore) -> None:
    one, two = store.create_chat("1"), store.create_chat("2")
    foreign = say(store, one.id, "mine")
    with pytest.raises(MessageNotFoundError):
        say(store, two.id, "yours", foreign)
    assert store.branch(two.id) == []


@pytest.mark.parametrize(
    "use",
    [
        lambda store, chat: store.branch(chat),
        lambda store, chat: store.rename_chat(chat, "x"),
        lambda store, chat: store.mark_deleted(chat),
        lambda store, chat: store.undelete(chat),
        lambda store, chat: store.add_message(chat, None, Role.USER, "x"),
    ],
)
def test_an_unknown_chat_is_said(
    store: HistoryStore, use: Callable[[HistoryStore, ChatId], object]
) -> None:
    with pytest.raises(ChatNotFoundError):
        use(store, ChatId("nothing"))


def test_an_answer_ends_once(store: HistoryStore) -> None:
    chat = store.create_chat("")
    answer = store.add_message(chat.id, say(store, chat.id, "?"), Role.ASSISTANT, "", PROVENANCE)
    store.end_answer(answer.id, "no", MessageState.FAILED, stats=None, error_code="busy", seed=None)
    with pytest.raises(ValueError, match="ended"):
        store.end_answer(answer.id, "x", MessageState.DONE, stats=None, error_code="", seed=None)
    with pytest.raises(ValueError, match="ended"):
        store.save_answer(answer.id, "x")
    last = store.branch(chat.id)[-1]
    assert (last.text, last.state, last.error_code) == ("no", MessageState.FAILED, "busy")


def test_answers_in_progress_are_interrupted_at_the_next_start(store: HistoryStore) -> None:
    chat = store.create_chat("")
    answer = store.add_message(chat.id, say(store, chat.id, "?"), Role.ASSISTANT, "", PROVENANCE)
    store.save_answer(answer.id, "half an ans")
    assert store.interrupt_unfinished() == 1
    assert store.interrupt_unfinished() == 0
    last = store.branch(chat.id)[-1]
    assert (last.text, last.state) == ("half an ans", MessageState.INTERRUPTED)


def test_openings_are_those_of_chats_without_a_title(store: HistoryStore) -> None:
    untitled, titled = store.create_chat(""), store.create_chat("Tea")
    store.create_chat("")
    first = say(store, untitled.id, "first " + "x" * 1000)
    say(store, untitled.id, "second", first)
    say(store, titled.id, "other")
    assert list(store.openings()) == [untitled.id]
    assert store.openings()[untitled.id].startswith("first xxx")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet=st.characters(), max_size=50))
def test_every_text_comes_back(store: HistoryStore, text: str) -> None:
    chat = store.create_chat(text)
    say(store, chat.id, text)
    expected = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert store.branch(chat.id)[0].text == expected
    assert store.chats()[0].title == expected


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(min_value=-1, max_value=30), max_size=20))
def test_a_branch_is_the_way_from_the_root_to_the_last_message(
    store: HistoryStore, parents: list[int]
) -> None:
    chat = store.create_chat("")
    ways: list[list[MessageId]] = []
    for choice in parents:
        way = ways[choice % len(ways)] if ways and choice >= 0 else []
        added = say(store, chat.id, str(choice), way[-1] if way else None)
        ways.append([*way, added])
        assert [message.id for message in store.branch(chat.id)] == ways[-1]
    with store._database.reading() as tables:
        kept = {
            row["id"]
            for row in tables.query("SELECT id FROM messages WHERE chat_id = ?", [chat.id])
        }
    assert kept == {way[-1] for way in ways}
