"""The command line: `hearth` opens the app, its commands do one thing each."""

from assistant.cli.root import hearth as main

__all__ = ["main"]
