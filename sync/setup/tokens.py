"""Checks of the settings themselves: what is missing or wrong, and what a token's shape says.

Shapes: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/,
https://airtable.com/developers/web/guides/personal-access-tokens
"""

import re
from collections.abc import Iterator

from sync.model.examination import Examination, TokenWord, Unanswered, Verdict
from sync.setup.verdicts import LATER, failed, ok, warning

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


def shape_of(token: str) -> TokenWord:
    """Return which service's token this is by its shape, and which kind; nothing for shapes nobody knows."""
    hits = (TokenWord(service, kind) for service, kind, shape in SHAPES if shape.match(token))
    return next(hits, TokenWord())


def token_of(examination: Examination, service: str, fact: object, more: str = "") -> Verdict:
    """Return whether a service takes its token; *fact* is what asking with it gave."""
    check, word = f"{service.lower()}.token", examination.wanted.tokens.get(service, TokenWord())
    if isinstance(fact, Unanswered):
        return failed(check, f"{service}: {fact.reason}", fact.remedy or LATER)
    kind = f" ({word.kind})" if word.kind else ""
    return ok(check, f"{service} takes it{kind}{more}")


def settings_are_usable(examination: Examination) -> Iterator[Verdict]:
    """Every problem that needs no service to be seen (requirement 114)."""
    problems = examination.wanted.problems
    for problem in problems:
        remedy = "csh-sync init finds ids that are not set; csh-sync settings shows each value and where it came from."
        yield failed("settings", problem, remedy)
    if not problems:
        yield ok("settings", "all that is needed is set")


def files(examination: Examination) -> Iterator[Verdict]:
    """Files that hold tokens are this person's alone (fault J05)."""
    wanted = examination.wanted
    for name in wanted.readable:
        yield warning("files", f"others on this machine can read {name}, which holds tokens", f"chmod 600 {name}")
    for name in wanted.committed:
        remedy = f"git rm --cached {name}, name it in .gitignore, and make new tokens: the old stay in the history."
        yield warning("files", f"{name} is under version control, and holds tokens", remedy)
    if not (wanted.readable or wanted.committed):
        yield ok("files", "no file with tokens is open to others")


def hosts(examination: Examination) -> Iterator[Verdict]:
    """Tokens go to other hosts than the services' own only where that is allowed (decision D13)."""
    strange = examination.wanted.foreign_hosts
    if strange:
        remedy = "Take what is not needed out of CSH_ALLOW_HOSTS and the API_URL settings."
        yield warning("hosts", f"tokens are sent to {', '.join(strange)}, as CSH_ALLOW_HOSTS allows", remedy)
    else:
        where = "this machine" if examination.wanted.played else "the services' own hosts"
        yield ok("hosts", f"tokens are sent to {where} only")
