"""Something a person should look at, with evidence and remedy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. *kind* is a stable word, *subject* names the thing as people call it."""

    kind: str
    subject: str
    evidence: str
    remedy: str = ""
    url: str = ""
