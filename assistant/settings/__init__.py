"""Where Hearth keeps its things, what the user chose, and the door to the keyring."""
