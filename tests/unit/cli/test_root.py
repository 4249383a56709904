"""The command `hearth` itself."""

import pytest

from assistant import __version__
from tests.unit.cli.conftest import Run


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"hearth, version {__version__}\n"


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_the_commands(run: Run, flag: str) -> None:
    result = run(flag)
    assert result.exit_code == 0
    for name in ("ask", "chat", "doctor", "models"):
        assert f"\n  {name}" in result.stdout


@pytest.mark.parametrize("word", ["nope", "x" * 300, "~nobody-of-this-name"])
def test_an_unknown_command_is_told_plainly(run: Run, word: str) -> None:
    result = run(word)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: No such command '{word}'.")
    assert "hint: See `hearth --help`." in result.stderr


@pytest.mark.parametrize("group", ["models", "chat"])
def test_a_group_alone_shows_its_help_and_is_a_wrong_call(run: Run, group: str) -> None:
    result = run(group)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Usage: hearth {group} ")
    assert "hint:" not in result.stderr
