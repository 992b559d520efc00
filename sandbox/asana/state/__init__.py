"""What the played Asana knows, and what people do in it."""

from sandbox.asana.state.people import AsanaState

__all__ = ["AsanaState"]
