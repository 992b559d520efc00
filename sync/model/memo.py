"""What pure functions returned before, so that the same is not worked out twice.

Each result is known by all that went into it: what is not known, or was for something else, is worked out. Nothing
depends on it but time.
"""

import hashlib
from collections.abc import Collection
from typing import Any, Protocol


class Memo(Protocol):
    """Results of pure functions as JSON knows them: the last one of each *kind* at each *place*, an issue's id say."""

    def recall(self, kind: str, place: str, given: str) -> Any:
        """Return the result at *place* if it was for the same *given*, else None."""

    def note(self, kind: str, place: str, given: str, found: Any) -> None:
        """Note a result, in the place of the one before."""

    def only(self, places: Collection[str]) -> None:
        """Let go of what is known of all other places."""


class NoMemo:
    """Knows nothing: everything is worked out."""

    def recall(self, kind: str, place: str, given: str) -> Any:
        """Know nothing."""
        del kind, place, given

    def note(self, kind: str, place: str, given: str, found: Any) -> None:
        """Keep nothing."""

    def only(self, places: Collection[str]) -> None:
        """Let go of nothing."""


def given(*parts: object) -> str:
    """Return what stands for the input of a function: another for other parts. Their ``repr`` has to tell them whole.

    160 bits: nobody finds two inputs that look the same by trying.
    """
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
