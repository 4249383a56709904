"""The window: the only room that knows Qt. Its map: `application.py` starts, `bridge.py` threads."""
