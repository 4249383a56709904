"""Hearth: a desktop AI assistant that is wholly its user's own."""

__version__ = "0.1.0"
