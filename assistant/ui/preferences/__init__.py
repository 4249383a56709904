"""Settings on one page."""
