"""Errors that nobody thought of, as people read of them: kind, place and a short id, and none of the error's words."""

import hashlib
import traceback
from pathlib import PurePath

from sync.model.reading import Problem


def mishap(error: BaseException, subject: str, about: str, remedy: str) -> Problem:
    """Return the problem that an error is to *subject*; *about* goes into its id.

    The error's own words may be those of an issue: they stand in its trace alone.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    words = f"{type(error).__name__} in {PurePath(place.filename).name}:{place.lineno}"
    name = hashlib.sha256(f"{words} {about}".encode()).hexdigest()[:8]
    trace = "".join(traceback.format_exception(error))
    return Problem("csh-sync", subject, f"it could not be worked out ({words}, {name})", remedy, trace)
