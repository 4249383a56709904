"""The only door to models: how the engine is started, asked and stopped."""
