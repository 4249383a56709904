"""From one foreign file to text with spans. Runs in the parser child, never in the app."""
