"""All groups of handlers behind one door."""

from __future__ import annotations

from dataclasses import replace

from sandbox.asana.api.additions import AdditionHandlers
from sandbox.asana.api.batch import BatchHandlers
from sandbox.asana.api.call import Answer, Call, Router
from sandbox.asana.api.custom_fields import FieldHandlers
from sandbox.asana.api.moving import TaskMoving
from sandbox.asana.api.pages import Pages
from sandbox.asana.api.places import PlaceHandlers
from sandbox.asana.api.reading import TaskReading
from sandbox.asana.api.search import SearchHandlers
from sandbox.asana.api.writing import TaskWriting
from sandbox.asana.refusals import Refusal
from sandbox.asana.state import AsanaState


class Api:
    """Asana's API over one state."""

    def __init__(self, state: AsanaState) -> None:
        self.pages = Pages(state)
        self._router = Router(
            [
                *SearchHandlers(state, self.pages).routes(),
                *TaskReading(state, self.pages).routes(),
                *TaskWriting(state, self.pages).routes(),
                *TaskMoving(state, self.pages).routes(),
                *PlaceHandlers(state, self.pages).routes(),
                *FieldHandlers(state, self.pages).routes(),
                *AdditionHandlers(state, self.pages).routes(),
                *BatchHandlers(state, self.pages, self.answer).routes(),
            ]
        )

    @property
    def routes(self) -> list[tuple[str, str]]:
        """Return method and path of everything that is played."""
        return self._router.known

    def answer(self, call: Call) -> Answer:
        """Answer a request; a refusal is an answer, too, and has changed nothing."""
        try:
            handler, args = self._router.find(call.method, call.path)
            return handler(replace(call, args=args))
        except Refusal as refusal:
            return Answer(refusal.body(), refusal.status)
