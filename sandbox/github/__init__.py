"""A stand-in for GitHub: REST as far as issues go, GraphQL with a real engine, and people who change things.

``GitHubService`` is what the sandbox mounts. Its ``state`` (`GitHubState`) is the world with the verbs of its people,
its ``options`` (`GitHubOptions`) switch what GitHub leaves open and what it does on bad days.
"""

from sandbox.github.errors import Refused
from sandbox.github.options import GitHubOptions, Lag, RateLimits
from sandbox.github.service import GitHubService
from sandbox.github.state import GitHubState

__all__ = ["GitHubOptions", "GitHubService", "GitHubState", "Lag", "RateLimits", "Refused"]
