"""Chats that end in a marked answer: found also after a crash, and shown again."""

from pathlib import Path

import pytest

from assistant.domain.chat import ChatId, MessageId, MessageState, Provenance, Role
from assistant.domain.errors import MessageNotFoundError
from assistant.storage.history import HistoryStore, open_history

BEYOND = Provenance("sha256:guide", "Guide", {"guide": "beyond"})
HELP = Provenance("sha256:guide", "Guide", {"guide": "help"})
REAL = Provenance("sha256:real", "Real")


def asked(store: HistoryStore, mark: Provenance) -> tuple[ChatId, MessageId, MessageId]:
    chat = store.create_chat("").id
    question = store.add_message(chat, None, Role.USER, "write").id
    return chat, question, ended(store, chat, question, mark)


def ended(
    store: HistoryStore,
    chat: ChatId,
    question: MessageId,
    provenance: Provenance,
    *,
    text: str = "text",
    state: MessageState = MessageState.DONE,
) -> MessageId:
    answer = store.add_message(chat, question, Role.ASSISTANT, "", provenance).id
    store.end_answer(answer, text, state, stats=None, error_code="", seed=None)
    return answer


def kept(store: HistoryStore) -> list[tuple[ChatId, MessageId]]:
    return store.marked_tips("guide", "beyond")


def test_chats_that_end_so_come_latest_first(store: HistoryStore) -> None:
    first, _, first_answer = asked(store, BEYOND)
    asked(store, HELP)
    asked(store, REAL)
    second, _, second_answer = asked(store, BEYOND)
    assert kept(store) == [(second, second_answer), (first, first_answer)]


def test_those_that_went_on_or_were_deleted_are_not_among_them(store: HistoryStore) -> None:
    gone_on, _, answer = asked(store, BEYOND)
    store.add_message(gone_on, answer, Role.USER, "never mind")
    deleted, _, _ = asked(store, BEYOND)
    store.mark_deleted(deleted)
    assert kept(store) == []
    store.undelete(deleted)
    assert [chat for chat, _ in kept(store)] == [deleted]


@pytest.mark.parametrize(
    ("text", "state", "is_kept"),
    [
        ("", MessageState.INTERRUPTED, True),
        ("", MessageState.FAILED, True),
        ("", MessageState.STOPPED, False),
        ("Dear", MessageState.INTERRUPTED, False),
        ("Dear", MessageState.DONE, False),
    ],
)
def test_an_answer_beside_it_counts_once_it_says_something(
    store: HistoryStore, text: str, state: MessageState, *, is_kept: bool
) -> None:
    chat, question, answer = asked(store, BEYOND)
    ended(store, chat, question, REAL, text=text, state=state)
    assert kept(store) == ([(chat, answer)] if is_kept else [])


def test_a_crash_in_the_first_answer_keeps_the_question(
    store: HistoryStore, database: Path, key: bytes, backups: Path
) -> None:
    chat, question, answer = asked(store, BEYOND)
    store.add_message(chat, question, Role.ASSISTANT, "", REAL)
    assert kept(store) == []
    store.close()
    again = open_history(database, key, backups)
    again.interrupt_unfinished()
    assert kept(again) == [(chat, answer)]
    again.close()


def test_a_withdrawn_answer_is_gone_and_the_other_shown(store: HistoryStore) -> None:
    chat, question, answer = asked(store, BEYOND)
    empty = ended(store, chat, question, REAL, text="", state=MessageState.FAILED)
    store.withdraw_answer(empty, answer)
    assert [message.id for message in store.branch(chat)] == [question, answer]
    with pytest.raises(MessageNotFoundError):
        store.withdraw_answer(empty, answer)


def test_no_words_are_ever_withdrawn(store: HistoryStore) -> None:
    chat, question, answer = asked(store, BEYOND)
    written = ended(store, chat, question, REAL, text="Dear", state=MessageState.INTERRUPTED)
    with pytest.raises(ValueError, match="without text"):
        store.withdraw_answer(written, answer)
    growing = store.add_message(chat, question, Role.ASSISTANT, "", REAL).id
    with pytest.raises(ValueError, match="without text"):
        store.withdraw_answer(growing, answer)
    assert store.branch(chat)[-1].id == growing


def test_only_a_message_of_the_same_chat_can_be_shown(store: HistoryStore) -> None:
    chat, question, _ = asked(store, BEYOND)
    _, _, elsewhere = asked(store, BEYOND)
    empty = ended(store, chat, question, REAL, text="", state=MessageState.FAILED)
    with pytest.raises(MessageNotFoundError):
        store.withdraw_answer(empty, elsewhere)
    assert store.branch(chat)[-1].id == empty
