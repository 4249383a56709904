"""The parser child: text with spans, and nothing but its one file."""

import io
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.extract.child import run
from assistant.extract.plain import decode, paragraphs


def parse(data: bytes) -> tuple[int, list[dict[str, object]]]:
    target = io.StringIO()
    code = run(io.BytesIO(data), target)
    return code, [json.loads(line) for line in target.getvalue().splitlines()]


@given(st.text())
def test_a_span_is_the_text_that_stands_there(text: str) -> None:
    spans = list(paragraphs(text))
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(span.text.strip() for span in spans)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_reads_what_says_its_encoding(encoding: str) -> None:
    assert decode("سلام 你好\n".encode(encoding)) == "سلام 你好\n"


@pytest.mark.parametrize("data", [b"\xff\x00\x9c", b"GGUF\0\0\0\0", b"caf\xe9"])
def test_says_why_bytes_are_no_text(data: bytes) -> None:
    code, lines = parse(data)
    assert code == 1
    assert set(lines[0]) == {"error"}


@pytest.mark.skipif(sys.platform == "win32", reason="the parent's job object limits it there")
def test_the_child_can_open_nothing_and_eat_little() -> None:
    code = (
        "import sys, io\n"
        "from assistant.extract.limits import Limits, confine\n"
        "import socket\n"
        "confine(Limits(memory_bytes=64 * 2**20, cpu_seconds=5))\n"
        "for name, attempt in {\n"
        "    'file': lambda: open('/etc/passwd'),\n"
        "    'socket': lambda: socket.socket(),\n"
        "    'memory': lambda: bytearray(256 * 2**20),\n"
        "}.items():\n"
        "    try:\n"
        "        attempt()\n"
        "    except (OSError, MemoryError) as error:\n"
        "        print(name, type(error).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["file", "OSError", "socket", "OSError", "memory", "MemoryError"]
