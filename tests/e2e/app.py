"""Starts the real app in a process of its own and works it through the robot."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
# A guard against hangs, far over what any step takes.
PATIENCE = 60.0


class App:
    """One run of the app. Use as a context manager: whatever is left at the end is ended."""

    def __init__(
        self,
        data: Path,
        *words: str,
        env: dict[str, str] | None = None,
        prefix: tuple[str, ...] = (),
    ) -> None:
        self.data = data
        self._log = (data.parent / f"app-{time.monotonic_ns()}.log").open("w+b")
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.e2e.robot", "--data-dir", str(data), *words],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> "App":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self._log.close()

    def log(self) -> str:
        self._log.flush()
        return Path(self._log.name).read_text(encoding="utf-8", errors="replace")

    def do(self, what: str, **how: object) -> Any:
        """One command; raises `AssertionError` with the app's log where the app is gone."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"do": what, **how}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise AssertionError(f"the app is gone:\n{self.log()}") from None
        line = self._line()
        reply = json.loads(line)
        if not reply["ok"]:
            raise LookupError(reply["error"])
        return reply["result"]

    def _line(self) -> str:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(PATIENCE):
                raise AssertionError(f"the app does not answer:\n{self.log()}")
        line = self.process.stdout.readline()
        assert line, f"the app ended:\n{self.log()}"
        return line

    def wait(self, what: str, condition: Callable[[], object]) -> Any:
        """Waits until the condition holds; a `LookupError` counts as not yet."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if result := condition():
                    return result
            except LookupError:
                pass
            time.sleep(0.02)
        shown = "\n".join(str(widget) for widget in self.do("widgets"))
        raise AssertionError(f"waited in vain for {what}; shown:\n{shown}\n{self.log()}")

    def wait_for(self, name: str) -> None:
        self.wait(name, lambda: self.do("read", name=name) or True)

    def click(self, name: str) -> None:
        self.wait(f"enabled {name}", lambda: self.do("enabled", name=name))
        self.do("click", name=name)

    def type(self, name: str, text: str) -> None:
        self.wait_for(name)
        self.do("type", name=name, text=text)

    def read(self, name: str) -> str:
        return str(self.do("read", name=name))

    def answers(self) -> list[str]:
        """The answers in the open chat, from the first to the last, as they are shown."""
        return [told(text) for text in self.do("read_all", name="Answer")]

    def ask(self, question: str) -> None:
        """Writes into the composer and presses Enter."""
        self.type("input", question)
        self.do("key", name="input", key="Return")

    def wait_for_model(self, name: str) -> None:
        self.wait_for(f"Model {name}, ready")

    def wait_until_idle(self) -> None:
        """Waits until no answer is being written: the button says Send again."""
        self.wait_for("Send")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def worker(self) -> psutil.Process:
        """The process that runs the model."""
        found = [child for child in self.children() if "worker" in child.cmdline()]
        assert len(found) == 1, [child.cmdline() for child in self.children()]
        return found[0]

    def kill(self) -> None:
        """Ends the app as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def quit(self) -> None:
        """Closes the window and waits for the end; a clean end is asked for."""
        self.do("quit")
        assert self.process.wait(PATIENCE) == 0, self.log()


def told(text: str) -> str:
    """A text without its white space: a paragraph is shown by space, not by empty lines."""
    return "".join(text.replace("\ufffd", "").split())


def gone(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Which of the processes live on after that time."""
    return list(psutil.wait_procs(processes, timeout=seconds)[1])
