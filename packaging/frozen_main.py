"""Entry of the frozen build: the same command line as `hearth`."""

from assistant.cli import main

main()
