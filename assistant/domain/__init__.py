"""What Hearth talks about: plain values, events and errors. Imports nothing of ours."""
