"""Contact people and the ticket that an issue names (requirements 21 and 22)."""

import re

HEADING = re.compile(r"^#{1,6}\s+contact\b[^\n]*$", re.IGNORECASE | re.MULTILINE)
NO_ANSWER = frozenset({"", "_no response_", "n/a", "none", "-"})
LONGEST = 200


def contact(body: str) -> str:
    """Return the answer under a heading that begins with "Contact", on one line; "" when there is none."""
    heading = HEADING.search(body)
    if heading is None:
        return ""
    answer = re.split(r"^#{1,6}\s", body[heading.end() :], maxsplit=1, flags=re.MULTILINE)[0]
    words = " ".join(re.sub(r"<!--.*?-->", " ", answer, flags=re.DOTALL).split())
    return "" if words.casefold() in NO_ANSWER else words[:LONGEST]


def ticket_url(host: str, numbers: tuple[str, ...]) -> str:
    """Return the address of the first ticket an issue names, "" when it names none."""
    return f"https://{host}/a/tickets/{numbers[0]}" if host and numbers else ""
