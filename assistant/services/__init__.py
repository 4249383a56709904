"""The jobs in plain Python. No Qt, no SQL, no HTTP."""
