"""What a token's shape says: whose it is, which kind, and whether any service takes it.

https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/,
https://airtable.com/developers/web/guides/personal-access-tokens
"""

import re
from dataclasses import dataclass

OLD_KEY = "old API key"
REFRESH = "refresh token"
SHAPES = (
    ("GitHub", "classic token", re.compile(r"ghp_")),
    ("GitHub", "fine-grained token", re.compile(r"github_pat_")),
    ("GitHub", "App or workflow token", re.compile(r"ghs_")),
    ("GitHub", "token of an OAuth app", re.compile(r"gho_")),
    ("GitHub", "token of a person's App session", re.compile(r"ghu_")),
    ("GitHub", REFRESH, re.compile(r"ghr_")),
    ("Airtable", "personal access token", re.compile(r"pat[A-Za-z0-9]{14}\.")),
    ("Airtable", OLD_KEY, re.compile(r"key[A-Za-z0-9]{14}$")),
    ("Asana", "personal access token", re.compile(r"[12]/\d+(/\d+)?:")),
    ("Asana", "service account token", re.compile(r"0/[0-9a-f]{16,}")),
    ("Slack", "token", re.compile(r"xox[a-z]-")),
)
USELESS = {
    OLD_KEY: "is an old API key; Airtable ended those in February 2024. "
    "Make a personal access token: airtable.com/create/tokens.",
    REFRESH: "is a refresh token, which reads nothing; set it to an access token.",
}
"""Tokens that no service takes, and what to do."""


@dataclass(frozen=True, slots=True)
class TokenWord:
    """What a token looks like, without it: which service's it is by its shape, and which kind of that ("" unknown)."""

    service: str = ""
    kind: str = ""


def shape_of(token: str) -> TokenWord:
    """Return which service's token this is by its shape, and which kind; nothing for shapes nobody knows."""
    hits = (TokenWord(service, kind) for service, kind, shape in SHAPES if shape.match(token))
    return next(hits, TokenWord())
