"""What all groups of handlers share."""

from __future__ import annotations

from sandbox.asana.api.bodies import Reader
from sandbox.asana.api.pages import Pages
from sandbox.asana.api.records import Records
from sandbox.asana.state import AsanaState


class Handlers:
    """Handlers over one state; *pages* is shared by all groups."""

    def __init__(self, state: AsanaState, pages: Pages) -> None:
        self.state = state
        self.pages = pages
        self.read = Reader(state)
        self.show = Records(state)
