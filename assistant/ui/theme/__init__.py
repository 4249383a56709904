"""Colours, fonts, icons and the style sheet, all read from one table of tokens."""
