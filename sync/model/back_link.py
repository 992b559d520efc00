"""The comment on an issue that leads to its Asana task."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackLink:
    """What stands on an issue: our comment, or none (*comment_id* None).

    *writable* is false where nothing may be written: the issue is locked, its repository archived, or the comment
    somebody else's.
    """

    comment_id: int | None = None
    text: str = ""
    writable: bool = True
