"""Plain text in the encodings that say of themselves what they are."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

# Longer first: a UTF-32 mark begins with a UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class NotTextError(Exception):
    """The bytes are no text in an encoding that is known."""


@dataclass(frozen=True, slots=True)
class Span:
    """A paragraph: its text, and where it stands in the whole (characters, end exclusive)."""

    start: int
    end: int
    text: str


def decode(data: bytes) -> str:
    """The text of a file: by its byte-order mark, else as UTF-8.

    Raises `NotTextError` where the bytes are not valid in that encoding, or hold NUL.
    """
    encoding, skip = next(
        ((name, len(mark)) for mark, name in _MARKS if data.startswith(mark)), ("utf-8", 0)
    )
    try:
        text = data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise NotTextError(f"byte {error.start + skip} is not valid {encoding}") from error
    if "\0" in text:
        raise NotTextError("it holds NUL characters")
    return text


def paragraphs(text: str) -> Iterator[Span]:
    """The stretches between blank lines; `text[span.start:span.end] == span.text`."""
    start: int | None = None
    end = 0
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            start = at if start is None else start
            end = at + len(line.rstrip())
        elif start is not None:
            yield Span(start, end, text[start:end])
            start = None
        at += len(line)
    if start is not None:
        yield Span(start, end, text[start:end])
