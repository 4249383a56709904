"""The Guide: help articles found by search, and what goes to its small model."""
