"""The window, the only room that knows Qt: `application.py` starts it, `bridge.py` threads it."""
