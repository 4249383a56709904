"""The only door to Hugging Face: what a Hub offers, its bytes, and what is installed."""
