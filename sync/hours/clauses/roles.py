"""Who delivers the hours."""

import re

ROLE = re.compile(
    r"\bby:? (?:the |our |an? )?\"?(?P<role>(?:[a-z]|[0-9]+(?!(?:st|nd|rd|th|h|hrs?|am|pm)\b)[a-z])"
    r"[^.,;:()\[\]{}/\"$\u20ac\u00a3\u00b9\u00b2\u00b3]*?)"
    r"(?= ?(?:[.,;:()\[\]{}/\"\u00b9\u00b2\u00b3]|$)| - | (?:signed|dated)\b| (?:with|per|each|every|over|for|during|"
    r"at|from|starting|which|that|"
    r"who|until|to|on|in|"
    r"within|throughout|by|hours?|additional|reset\w*|quarterly|monthly|annually|yearly|weekly|up|"
    r"and (?:up|[0-9]+|additional))\b)"
)
NO_ROLE = re.compile(
    r"(?:(?:the|our|an?)$|e-?mail|phone|mutual|end|request|default|invoice|customer|client|(?:the )?community(?! \w)|"
    r"agreement|contract|written|january|"
    r"february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|"
    r"jul|aug|sep|oct|"
    r"nov|dec|way|means|either|both parties|parties|law|then|now|hour|noon|midnight|using|giving|purchas|arrangement|"
    r"appointment|"
    r"quarter|month|year|week|any)\b"
)

NOT_DONE = re.compile(
    r"\b(?:signed|owned|approved|reviewed|requested|managed|agreed|used|purchased|bought|paid|reported|"
    r"ordered|scheduled|signed(?: on)?(?: [0-9]\S*)?|"
    r"consumed|confirmed|terminated|renewed|extended|divided|multiplied|reduced|increased|followed) $"
)


def roles(text: str) -> list[tuple[int, int]]:
    """Return where plain *text* names a team or role that does the work."""
    found = (ROLE.match(text, word.start()) for word in re.finditer(r"\bby:? ", text))
    return [
        one.span("role")
        for one in found
        if one and not NOT_DONE.search(text[: one.start()]) and not NO_ROLE.match(one["role"])
    ]
