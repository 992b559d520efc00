"""The world of the GitHub stand-in, and the verbs with which tests, the demo and the API change it."""

from sandbox.github.state.boards import BoardVerbs


class GitHubState(BoardVerbs):
    """One organisation with its repositories, issues and boards."""


__all__ = ["GitHubState"]
