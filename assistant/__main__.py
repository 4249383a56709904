"""`python -m assistant`: the same as `hearth`."""

from assistant.cli import main

if __name__ == "__main__":
    main()
