#!/usr/bin/env python3
"""The one door for commands: set up, build, run, test, lint, bundle.

    python3 packaging/dev.py run      set up, build, open the app
    python3 packaging/dev.py test     set up, build, all checks and tests

Needs only the standard library and parses on Python 3.8, so that a machine that lacks something
hears what it lacks and not a syntax error. What each command needs is brought by `steps/`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from steps import bundle, checks, engine, guide, locks, machine, python_env  # noqa: E402  (path set above)
from steps.machine import ProblemError, Workspace  # noqa: E402  (path set above)


def build(work: Workspace) -> None:
    """Bring everything to the point where `.venv/bin/hearth` works."""
    machine.check_compilers()
    machine.install_system_packages(machine.RUN_PACKAGES)
    python_env.prepare(work)
    engine.build(work)
    python_env.compile_translations(work)


def command_run(work: Workspace, rest: list[str]) -> int:
    build(work)
    return machine.call([str(work.python), "-m", "assistant", *rest], cwd=Path.cwd(), check=False)


def command_build(work: Workspace, _rest: list[str]) -> int:
    build(work)
    print("Built. The command is " + str(work.venv_bin("hearth").relative_to(work.root)))
    return 0


def command_lint(work: Workspace, _rest: list[str]) -> int:
    build(work)
    return checks.lint(work)


def command_fix(work: Workspace, _rest: list[str]) -> int:
    build(work)
    return checks.fix(work)


def command_test(work: Workspace, rest: list[str]) -> int:
    oracle = "--oracle" in rest
    rest = [word for word in rest if word != "--oracle"]
    machine.install_system_packages(machine.RUN_PACKAGES + machine.TEST_PACKAGES)
    build(work)
    if oracle:
        python_env.prepare_oracle(work)
        return checks.oracle(work, rest)
    if rest:
        return checks.pytest(work, rest)
    return (
        checks.lint(work)
        or checks.cargo_tests(work)
        or checks.pytest(work, [])
        or guide.rehearse(work)
    )


def command_guide(work: Workspace, rest: list[str]) -> int:
    build(work)
    return guide.rehearse(work) if rest == ["quick"] else guide.train(work, rest)


def command_lock(work: Workspace, _rest: list[str]) -> int:
    python_env.prepare(work)
    return locks.lock(work)


def command_bench(work: Workspace, rest: list[str]) -> int:
    machine.install_system_packages(machine.RUN_PACKAGES + machine.TEST_PACKAGES)
    build(work)
    return checks.bench(work, rest)


def command_screenshots(work: Workspace, rest: list[str]) -> int:
    machine.install_system_packages(machine.RUN_PACKAGES + machine.TEST_PACKAGES)
    build(work)
    return checks.screenshots(work, rest)


def command_bundle(work: Workspace, _rest: list[str]) -> int:
    machine.install_system_packages(machine.RUN_PACKAGES + machine.TEST_PACKAGES)
    build(work)
    return bundle.make(work)


COMMANDS = {
    "run": (command_run, "set up, build and open the app; what follows goes to the app"),
    "test": (command_test, "set up, build, all checks and tests; what follows goes to pytest"),
    "build": (command_build, "set up and build"),
    "lint": (command_lint, "formatters, linters, types, import directions"),
    "fix": (command_fix, "what linters can mend by themselves"),
    "bench": (command_bench, "measure speed"),
    "screenshots": (command_screenshots, "make the README's pictures from the real app"),
    "guide": (command_guide, "train the Guide's model anew (an hour); `quick`: a try of it"),
    "lock": (command_lock, "resolve the lock files anew"),
    "bundle": (command_bundle, "make and try the frozen one-folder build"),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__.split("\n")[0])
    parser.add_argument(
        "command",
        choices=sorted(COMMANDS),
        help="; ".join(f"{name}: {what}" for name, (_, what) in COMMANDS.items()),
    )
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="passed on")
    words = parser.parse_args()
    try:
        machine.use_new_python(__file__)
        return COMMANDS[words.command][0](Workspace(ROOT), words.rest)
    except ProblemError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
