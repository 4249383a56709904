"""`hearth ask` from its words to its exit status."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.fakes.engine import STORY
from tests.unit.cli.conftest import FAKE, Run

ROOT = FAKE.parents[2]
DRIVER = f"""
import signal, sys
# As at a terminal: a shell starts background jobs with SIGINT ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from assistant.cli.context import CliContext
from assistant.cli.root import hearth
hearth(obj=CliContext(engine_command=lambda: [sys.executable, {str(FAKE)!r}]))
"""


def start(*words: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", DRIVER, *words]
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe)


def test_the_answer_is_printed_and_nothing_else(run: Run, gguf: Path) -> None:
    result = run("ask", "--model", str(gguf), "--temperature", "0", "-n", "4", "Hello")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Once upon a time, \n", "")


def test_raw_continues_the_text(run: Run, gguf: Path) -> None:
    result = run("ask", "--raw", "--model", str(gguf), "-n", "2", "Hello")
    assert (result.exit_code, result.stdout) == (0, "Once upon \n")


@pytest.mark.parametrize("words", [["-"], []])
def test_the_prompt_may_come_by_pipe(run: Run, gguf: Path, words: list[str]) -> None:
    result = run("ask", "--model", str(gguf), "-n", "1", *words, stdin="Hello from a pipe\n")
    assert (result.exit_code, result.stdout) == (0, "Once \n")


@pytest.mark.parametrize("prompt", ["", "  \n"])
def test_an_empty_prompt_is_a_wrong_call(run: Run, gguf: Path, prompt: str) -> None:
    result = run("ask", "--model", str(gguf), prompt)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: There is nothing to ask")


def test_a_missing_model_is_one_sentence_and_status_2(run: Run, tmp_path: Path) -> None:
    result = run("ask", "--model", str(tmp_path / "none.gguf"), "Hello")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: There is no model")
    assert result.stderr.splitlines()[1].startswith("hint: ")


@pytest.mark.parametrize(
    "words",
    [
        ["--temperature", "hot"],
        ["--temperature", "nan"],
        ["--temperature", "inf"],
        ["--max-tokens", "0"],
        ["--max-tokens", "99999999999999999999"],
        ["--nope"],
    ],
)
def test_wrong_options_are_told_plainly(run: Run, gguf: Path, words: list[str]) -> None:
    result = run("ask", "--model", str(gguf), *words, "Hello")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "hint: See `hearth ask --help`." in result.stderr


@pytest.mark.parametrize("name", ["x" * 300, "~nobody-of-this-name", "~nobody-of-this-name/x.gguf"])
def test_an_odd_name_is_a_missing_model(run: Run, name: str) -> None:
    result = run("ask", "--model", name, "Hello")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")


def test_closed_streams_are_no_error(gguf: Path) -> None:
    words = [sys.executable, "-c", DRIVER, "ask", "--model", str(gguf), "-n", "2", "Hello"]
    script = 'exec "$@" <&- >&-'
    done = subprocess.run(
        ["sh", "-c", script, "sh", *words],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
def test_an_output_that_is_full_is_told(gguf: Path) -> None:
    words = [sys.executable, "-c", DRIVER, "ask", "--model", str(gguf), "-n", "2", "Hello"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            words, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: It can't be written to the end: No space left")
    assert "Traceback" not in done.stderr


def test_a_bad_file_is_told(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.gguf"
    page.write_text("<html>")
    result = run("ask", "--model", str(page), "Hello")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: “page.gguf” can't be used as a model: not a GGUF file")


def test_a_death_in_mid_answer_keeps_what_was_printed(run: Run, gguf: Path) -> None:
    result = run("ask", "--model", str(gguf), "!die")
    assert (result.exit_code, result.stdout) == (1, "Once upon a time, there \n")
    assert result.stderr.startswith("error: The engine stopped while it was answering.")


def test_nothing_is_written_to_the_data_folder(run: Run, gguf: Path, tmp_path: Path) -> None:
    run("ask", "--model", str(gguf), "-n", "1", "Hello")
    assert not (tmp_path / "data").exists()


def test_ctrl_c_stops_cleanly(gguf: Path) -> None:
    with start("ask", "--model", str(gguf), "!slow") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(4) == b"Once"
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
        assert process.stderr.read().strip() == b""
    assert psutil.wait_procs(children, timeout=2)[1] == []


def test_a_reader_that_leaves_early_is_no_error(gguf: Path) -> None:
    with start("ask", "--model", str(gguf), "!slow") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(4) == b"Once"
        process.stdout.close()
        assert process.wait(timeout=10) == 1
        assert process.stderr.read() == b""


def test_foreign_characters_pass_through_pipes(gguf: Path) -> None:
    with start("ask", "--model", str(gguf), "سلام 👩🏽‍🚀") as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")
    assert STORY in out.decode()


def test_asking_imports_no_qt_and_no_hub() -> None:
    source = (
        "import sys, assistant.cli.ask\n"
        "print([m for m in ('PySide6', 'huggingface_hub', 'keyring') if m in sys.modules])"
    )
    words = [sys.executable, "-c", source]
    assert subprocess.check_output(words, cwd=ROOT, text=True) == "[]\n"
