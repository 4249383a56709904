"""How a failure is told on a terminal: one sentence, one hint, an exit status.

0: done. 1: it failed. 2: it was called wrongly, or no model is there. 130: Ctrl+C.
"""

import errno
import os
import sys
from collections.abc import Callable
from typing import NoReturn

import click

from assistant.domain.errors import HearthError, ModelNotFoundError, NoModelError

FAILED = 1
CALLED_WRONGLY = 2
INTERRUPTED = 130
_DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT}


def speaking_plainly(run: Callable[[], object]) -> NoReturn:
    """Run a command; end the program with the status that its outcome asks for.

    An exception that is neither ours nor click's is a bug, and keeps its stack.
    """
    _open_closed_streams()
    try:
        result = run()
        sys.stdout.flush()
    except HearthError as error:
        tell(error.message, error.next_step)
        sys.exit(
            CALLED_WRONGLY if isinstance(error, (NoModelError, ModelNotFoundError)) else FAILED
        )
    except click.exceptions.NoArgsIsHelpError as error:
        # Its message is the whole help.
        click.echo(error.format_message(), err=True)
        sys.exit(CALLED_WRONGLY)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "hearth"
        tell(error.format_message(), f"See `{where} --help`.")
        sys.exit(CALLED_WRONGLY)
    except click.ClickException as error:
        tell(error.format_message())
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted.
        _drop_output()
        sys.exit(FAILED)
    except OSError as error:
        if error.errno not in _DISK_IS_FULL:
            raise
        _drop_output()
        tell(f"It can't be written to the end: {error.strerror}.", "Make room on the disk.")
        sys.exit(FAILED)
    sys.exit(result if isinstance(result, int) else 0)


def _open_closed_streams() -> None:
    """Stand `/dev/null` in for streams that a caller closed (`>&-`): Python gives None there."""
    sys.stdin = sys.stdin or os.fdopen(os.open(os.devnull, os.O_RDONLY))
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _drop_output() -> None:
    """See to it that the end of the program flushes nothing more to where it can't go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(sentence: str, hint: str = "") -> None:
    """Say on the standard error what failed and what helps."""
    click.echo(f"error: {sentence}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
