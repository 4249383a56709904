"""A login session for one test: a D-Bus of its own, gnome-keyring unlocked in it.

`dbus-run-session -- python -m tests.e2e.keyring_session` prints the variables that programs of
this session need, and ends with its standard input.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.keyring.vault_child import daemon

NAMES = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME")


@contextmanager
def keyring_session(home: Path, state: str = "unlocked") -> Iterator[dict[str, str]]:
    """Gives the environment of a session whose home and keyrings lie in `home`."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    env = {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(runtime),
    }
    with subprocess.Popen(
        ["dbus-run-session", "--", sys.executable, "-m", "tests.e2e.keyring_session", state],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        assert process.stdin is not None
        process.stdin.close()


def main(state: str) -> None:
    with daemon(state):
        print(json.dumps({name: os.environ[name] for name in NAMES}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
