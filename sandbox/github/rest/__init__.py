"""The REST API of the stand-in, as PyGithub and plain clients use it for issues."""
