"""The parser child: one foreign file on standard input, JSON lines on standard output.

The file is the only thing it can read: it is handed over open, and nothing else can be opened
once the limits are set.
"""

import io
import json
import sys
from typing import BinaryIO, TextIO

from assistant.extract.limits import Limits, confine
from assistant.extract.plain import NotTextError, decode, paragraphs

_MOST_BYTES = 64 * 2**20


def run(source: BinaryIO, target: TextIO, limits: Limits | None = None) -> int:
    """Writes `{"start", "end", "text"}` for each paragraph, or `{"error"}`; gives the exit code."""
    # The codecs must be there before nothing can be opened any more.
    "".encode("utf-16-le"), "".encode("utf-32-le")
    if limits is not None:
        confine(limits)
    try:
        text = decode(_read(source))
    except (NotTextError, MemoryError) as error:
        print(json.dumps({"error": str(error) or "it needs too much memory"}), file=target)
        return 1
    for span in paragraphs(text):
        line = {"start": span.start, "end": span.end, "text": span.text}
        print(json.dumps(line, ensure_ascii=False), file=target)
    target.flush()
    return 0


def _read(source: BinaryIO) -> bytes:
    data = source.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise NotTextError(f"it has more than {_MOST_BYTES} bytes")
    return data


def main() -> int:
    """Entry of `hearth parse`."""
    with io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8") as target:
        return run(sys.stdin.buffer, target, Limits())
