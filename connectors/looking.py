"""Looking at a set-up: one question after the other, each answered, or told why not."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from connectors.retry import told
from sync.errors import Denied, ServiceError, Transient
from sync.model.examination import Unanswered

UNAUTHORISED = 401

Answer = TypeVar("Answer")


def not_set(setting: str) -> Unanswered:
    """Return that nothing was asked, as a setting is not set, or not to a value that can be meant."""
    return Unanswered(f"{setting} is not set", skipped=f"{setting} has to be set first")


class Look:
    """Asks a service; what fails is an answer, too, and hides no other.

    A service that did not answer in time, or refuses the token, is not asked again: it would take minutes to learn the
    same of every question.
    """

    def __init__(self) -> None:
        self._silent: Unanswered | None = None

    def __call__(self, ask: Callable[[], Answer]) -> Answer | Unanswered:
        """Return the answer, or why there is none."""
        if self._silent is not None:
            return self._silent
        try:
            return ask()
        except ServiceError as error:
            answer = Unanswered(told(error), error.remedy)
            if isinstance(error, Transient):
                self._silent = replace(answer, skipped="the service does not answer")
            elif isinstance(error, Denied) and error.status == UNAUTHORISED:
                self._silent = replace(answer, skipped="the token is refused")
            return answer
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return Unanswered(f"the answer is not what the service promises ({type(error).__name__})")
