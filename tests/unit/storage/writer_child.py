"""Writes messages into a history and says each one on stdout once it is committed.

Arguments: the folder, and `forever`, `until-full` or `opened-when-full`. It is killed from outside,
or meets a limit of its own on the size of files.
"""

import signal
import sys
from pathlib import Path

from assistant.domain.chat import Provenance, Role
from assistant.domain.errors import HistoryDiskError
from assistant.storage.history import HistoryStore, create_history, open_history

KEY = bytes(range(32))


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def write_for_ever(store: HistoryStore) -> None:
    chat = store.create_chat("")
    number = 0
    parent = None
    while True:
        number += 1
        question = store.add_message(chat.id, parent, Role.USER, f"question {number} " * 40)
        say(question.id)
        answer = store.add_message(
            chat.id, question.id, Role.ASSISTANT, "", Provenance("id", "name")
        )
        for length in range(1, 4):
            store.save_answer(answer.id, "word " * 200 * length)
        say(answer.id)
        parent = answer.id


def until_full(store: HistoryStore, database: Path) -> None:
    import resource

    # A limit on the size of files acts as a full disk does, without any right of root.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = database.stat().st_size + 1_000_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        write_for_ever(store)
    except HistoryDiskError as error:
        say("full", error.params["detail"])
    # Reading goes on, and writing too once there is room again.
    chats = store.chats()
    say("read", len(chats))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    say(store.add_message(chats[0].id, None, Role.USER, "room again").id)
    store.close()


def opened_when_full(database: Path, backups: Path) -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    store = open_history(database, KEY, backups)
    say("problem", store.problem.code if store.problem else None)
    (chat, *_) = store.chats()
    say("read", len(store.branch(chat.id)))
    try:
        store.create_chat("too much")
    except HistoryDiskError:
        say("refused")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    say(store.add_message(chat.id, None, Role.USER, "room again").id)
    store.close()


def main() -> None:
    folder, how = Path(sys.argv[1]), sys.argv[2]
    database, backups = folder / "history.db", folder / "backups"
    if how == "opened-when-full":
        opened_when_full(database, backups)
        return
    make = open_history if database.exists() and database.stat().st_size else create_history
    store = make(database, KEY, backups)
    say("open")
    if how == "forever":
        write_for_ever(store)
    else:
        until_full(store, database)


if __name__ == "__main__":
    main()
