"""Models: what is installed, what is being downloaded, how one is added."""
