"""Questions that the Guide kept for a real model: which ones wait, and tries that were in vain."""

import sqlite_utils

from assistant.domain.chat import ChatId, Message, MessageId
from assistant.domain.guide import KEPT_OPTION, PART_OPTION, GuidePart, is_vain_try, kept_question

# A trail leads from the end of the shown branch back through all that is no answer of a real
# model. Answers to kept questions and tries without a word do not end it.
_KEPT = """
    WITH RECURSIVE trail (chat_id, tip_id, id, parent_id, kept, is_vain) AS (
        SELECT id, tip_id, NULL, tip_id, NULL, FALSE FROM chats WHERE deleted_at IS NULL
        UNION ALL
        SELECT trail.chat_id, tip_id, messages.id, messages.parent_id,
                json_extract(options, '$.' || :kept),
                role = 'assistant' AND text = '' AND state IN ('interrupted', 'failed')
            FROM trail JOIN messages ON messages.id = trail.parent_id
            LEFT JOIN answers ON message_id = messages.id
            WHERE role <> 'assistant'
                OR json_extract(options, '$.' || :part) IS NOT NULL
                OR json_extract(options, '$.' || :kept) IS NOT NULL
                OR (text = '' AND state IN ('interrupted', 'failed'))
    )
    SELECT trail.chat_id, said.parent_id FROM trail
        JOIN messages AS said
            ON said.chat_id = trail.chat_id AND said.parent_id = trail.parent_id
        JOIN answers ON message_id = said.id
    WHERE json_extract(options, '$.' || :part) = :beyond
        AND (said.id = trail.id OR trail.is_vain)
        AND NOT EXISTS (
            SELECT 1 FROM trail AS later WHERE later.kept = said.parent_id AND NOT later.is_vain
        )
    ORDER BY tip_id DESC, said.parent_id
"""
_SAID = """
    SELECT messages.id FROM messages JOIN answers ON message_id = messages.id
    WHERE chat_id = :chat AND parent_id = :question
        AND json_extract(options, '$.' || :part) = :beyond
"""
_MARKS = {"part": PART_OPTION, "beyond": GuidePart.BEYOND.value}


def kept_questions(tables: sqlite_utils.Database) -> list[tuple[ChatId, MessageId]]:
    """Give the questions in shown branches that wait for a real model.

    The Guide said of each that it is beyond it; what follows are messages of the user, answers of
    the Guide, and answers to other questions that it kept. The latest chat comes first.
    """
    rows = tables.execute(_KEPT, {**_MARKS, "kept": KEPT_OPTION}).fetchall()
    return [(ChatId(chat), MessageId(question)) for chat, question in rows]


def withdraw(tables: sqlite_utils.Database, answer: Message) -> None:
    """Delete a vain try to answer a kept question; the chat ends as it did before.

    Raises ValueError for every other message.
    """
    if not is_vain_try(answer):
        raise ValueError("only an answer to a kept question that ended without text can go")
    gone = [answer.id]
    shown = answer.parent_id
    if kept_question(answer) != answer.parent_id and answer.parent_id is not None:
        # The question was asked again at the chat's end, together with this answer.
        gone.append(answer.parent_id)
        shown = tables.table("messages").get(answer.parent_id)["parent_id"]
    else:
        values = {**_MARKS, "chat": answer.chat_id, "question": answer.parent_id}
        shown = next((row[0] for row in tables.execute(_SAID, values)), shown)
    tables.table("chats").update(answer.chat_id, {"tip_id": shown})
    for message_id in gone:
        tables.execute("DELETE FROM answers WHERE message_id = ?", [message_id])
        tables.execute("DELETE FROM messages WHERE id = ?", [message_id])
