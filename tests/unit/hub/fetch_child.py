"""A process of its own that fetches one file: `fetch_child.py ROOT NOTE [FILE_SIZE_LIMIT]`."""

import asyncio
import resource
import sys
from pathlib import Path

from assistant.domain.errors import HearthError
from assistant.hub.layout import CacheLayout
from assistant.hub.partial import read_note
from assistant.hub.transfer import Transfer


async def no_token() -> str | None:
    return None


async def main(root: Path, note: Path) -> int:
    wanted = read_note(note)
    if wanted is None:
        return 2
    transfer = Transfer(CacheLayout(root), root / ".partial", no_token, lambda: "")
    try:
        await transfer.fetch(wanted, "main", lambda *_: None)
    except HearthError as error:
        sys.stdout.write(error.code)
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 3:
        limit = int(sys.argv[3])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    sys.exit(asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]))))
