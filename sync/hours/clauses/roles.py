"""Who delivers the hours."""

import re

ROLE = re.compile(
    r"\bby (?:the |our |an? )?(?P<role>[a-z][^.,;:()\[\]{}/\"$\u20ac\u00a3]*?)"
    r"(?= ?(?:[.,;:()\[\]{}/\"]|$)| (?:with|per|each|every|over|for|during|at|from|starting|which|that|"
    r"who|until|to|on|in|"
    r"within|throughout|by|hours?|additional|reset\w*|quarterly|monthly|annually|yearly|weekly|up|"
    r"and (?:up|[0-9]+|additional))\b)"
)
NO_ROLE = re.compile(
    r"(?:e-?mail|phone|mutual|end|request|default|invoice|customer|client|(?:the )?community(?! \w)|"
    r"agreement|contract|written|january|"
    r"february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|"
    r"jul|aug|sep|oct|"
    r"nov|dec|way|means|either|both parties|parties|law|then|now|hour|using|giving|purchas|arrangement|appointment|"
    r"quarter|month|year|week|any)\b"
)

NOT_DONE = re.compile(
    r"\b(?:signed|owned|approved|reviewed|requested|managed|agreed|used|purchased|bought|paid|reported|"
    r"ordered|scheduled|"
    r"consumed|confirmed|terminated|renewed|extended|divided|multiplied|reduced|increased|followed) $"
)


def roles(text: str) -> list[tuple[int, int]]:
    """Return where plain *text* names a team or role that does the work."""
    found = (ROLE.match(text, word.start()) for word in re.finditer(r"\bby ", text))
    return [
        one.span("role")
        for one in found
        if one and not NOT_DONE.search(text[: one.start()]) and not NO_ROLE.match(one["role"])
    ]
