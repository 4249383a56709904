"""Questions that the Guide kept: found also after a crash; tries in vain leave no trace."""

from pathlib import Path

import pytest

from assistant.domain.chat import ChatId, MessageId, MessageState, Provenance, Role
from assistant.domain.errors import MessageNotFoundError
from assistant.domain.guide import KEPT_OPTION
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


def real(question: MessageId) -> Provenance:
    return Provenance(REAL.model_id, REAL.model_name, {KEPT_OPTION: question})


def went_on(store: HistoryStore, chat: ChatId, tip: MessageId, mark: Provenance) -> MessageId:
    return ended(store, chat, store.add_message(chat, tip, Role.USER, "thanks").id, mark)


def shown(store: HistoryStore, chat: ChatId) -> list[MessageId]:
    return [message.id for message in store.branch(chat)]


def test_the_latest_chat_comes_first(store: HistoryStore) -> None:
    first, first_question, _ = asked(store, BEYOND)
    asked(store, HELP)
    asked(store, REAL)
    second, second_question, _ = asked(store, BEYOND)
    assert store.kept_questions() == [(second, second_question), (first, first_question)]


def test_what_the_guide_says_afterwards_changes_nothing(store: HistoryStore) -> None:
    chat, first, answer = asked(store, BEYOND)
    tip = went_on(store, chat, went_on(store, chat, answer, HELP), BEYOND)
    second = store.branch(chat)[-2].id
    store.add_message(chat, tip, Role.USER, "thanks")
    assert store.kept_questions() == [(chat, first), (chat, second)]


def test_an_answer_of_a_real_model_ends_it(store: HistoryStore) -> None:
    chat, _, answer = asked(store, BEYOND)
    tip = went_on(store, chat, answer, REAL)
    assert store.kept_questions() == []
    went_on(store, chat, tip, BEYOND)
    assert store.kept_questions() == [(chat, store.branch(chat)[-2].id)]


def test_one_that_came_to_nothing_does_not(store: HistoryStore) -> None:
    chat, question, answer = asked(store, BEYOND)
    thanks = store.add_message(chat, answer, Role.USER, "thanks").id
    ended(store, chat, thanks, REAL, text="", state=MessageState.FAILED)
    assert store.kept_questions() == [(chat, question)]


def test_those_of_deleted_chats_are_not_among_them(store: HistoryStore) -> None:
    deleted, question, _ = asked(store, BEYOND)
    store.mark_deleted(deleted)
    assert store.kept_questions() == []
    store.undelete(deleted)
    assert store.kept_questions() == [(deleted, question)]


OUTCOMES = pytest.mark.parametrize(
    ("text", "state", "is_kept"),
    [
        ("", MessageState.INTERRUPTED, True),
        ("", MessageState.FAILED, True),
        ("", MessageState.STOPPED, False),
        ("Dear", MessageState.INTERRUPTED, False),
        ("Dear", MessageState.DONE, False),
    ],
)


@OUTCOMES
def test_an_answer_beside_it_counts_once_it_says_something(
    store: HistoryStore, text: str, state: MessageState, *, is_kept: bool
) -> None:
    chat, question, _ = asked(store, BEYOND)
    ended(store, chat, question, real(question), text=text, state=state)
    assert store.kept_questions() == ([(chat, question)] if is_kept else [])


@OUTCOMES
def test_so_does_one_to_the_question_asked_again_and_it_ends_no_other(
    store: HistoryStore, text: str, state: MessageState, *, is_kept: bool
) -> None:
    chat, first, answer = asked(store, BEYOND)
    tip = went_on(store, chat, answer, BEYOND)
    second = store.branch(chat)[-2].id
    _, again = store.add_turn(chat, tip, "write", real(first))
    store.end_answer(again.id, text, state, stats=None, error_code="", seed=None)
    waiting = [first, second] if is_kept else [second]
    assert store.kept_questions() == [(chat, each) for each in waiting]


@pytest.mark.parametrize("is_last", [True, False])
def test_a_crash_in_the_first_answer_keeps_the_question(
    store: HistoryStore, database: Path, key: bytes, backups: Path, *, is_last: bool
) -> None:
    chat, question, answer = asked(store, BEYOND)
    if is_last:
        tried = store.add_message(chat, question, Role.ASSISTANT, "", real(question))
    else:
        answer = went_on(store, chat, answer, HELP)
        _, tried = store.add_turn(chat, answer, "write", real(question))
    assert store.kept_questions() == []
    store.close()
    again = open_history(database, key, backups)
    again.interrupt_unfinished()
    assert again.kept_questions() == [(chat, question)]
    again.withdraw_answer(tried.id)
    assert again.branch(chat)[-1].id == answer
    assert again.kept_questions() == [(chat, question)]
    again.close()


def test_a_turn_is_added_whole_or_not_at_all(store: HistoryStore) -> None:
    chat, question, answer = asked(store, BEYOND)
    unstorable = Provenance("m", "M", {KEPT_OPTION: object()})
    with pytest.raises(TypeError):
        store.add_turn(chat, answer, "write", unstorable)
    assert shown(store, chat) == [question, answer]
    said, begun = store.add_turn(chat, answer, "write", real(question))
    assert store.branch(chat)[2:] == [said, begun]
    assert (said.role, said.text, begun.state) == (Role.USER, "write", MessageState.STREAMING)


def test_a_withdrawn_answer_is_gone_and_the_other_shown(store: HistoryStore) -> None:
    chat, question, answer = asked(store, BEYOND)
    empty = ended(store, chat, question, real(question), text="", state=MessageState.FAILED)
    store.withdraw_answer(empty)
    assert shown(store, chat) == [question, answer]
    with pytest.raises(MessageNotFoundError):
        store.withdraw_answer(empty)


def test_the_question_asked_again_goes_with_its_answer(store: HistoryStore) -> None:
    chat, question, answer = asked(store, BEYOND)
    went_on(store, chat, answer, HELP)
    before = shown(store, chat)
    for _ in range(3):
        _, again = store.add_turn(chat, before[-1], "write", real(question))
        store.end_answer(
            again.id, "", MessageState.FAILED, stats=None, error_code="", seed=None
        )  # fmt: skip
        store.withdraw_answer(again.id)
        assert shown(store, chat) == before


def test_no_words_are_ever_withdrawn(store: HistoryStore) -> None:
    chat, question, _ = asked(store, BEYOND)
    state = MessageState.INTERRUPTED
    written = ended(store, chat, question, real(question), text="Dear", state=state)
    with pytest.raises(ValueError, match="without text"):
        store.withdraw_answer(written)
    growing = store.add_message(chat, question, Role.ASSISTANT, "", real(question)).id
    with pytest.raises(ValueError, match="without text"):
        store.withdraw_answer(growing)
    assert store.branch(chat)[-1].id == growing


def test_nor_is_an_answer_to_any_other_question(store: HistoryStore) -> None:
    chat, question, _ = asked(store, REAL)
    empty = ended(store, chat, question, REAL, text="", state=MessageState.FAILED)
    with pytest.raises(ValueError, match="kept question"):
        store.withdraw_answer(empty)
    assert store.branch(chat)[-1].id == empty
