"""Markdown as text on screen: split while it grows, written into a document, never HTML."""
