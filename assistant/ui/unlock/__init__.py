"""Opening the history: passphrase, recovery code, or plainly no lock."""
