"""Checks of the GitHub side.

Scopes: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
"""

from collections.abc import Iterator, Mapping

from mappings.nearest import nearest
from sync.model.examination import BoardFacts, Examination, GitHubFacts, GitHubToken, Unanswered, Verdict
from sync.report.words import spell_day
from sync.setup.tokens import token_of
from sync.setup.verdicts import failed, listed, ok, unknown, warning

NEEDED_SCOPES = frozenset({"repo", "read:org", "read:project"})
WRITING_SCOPES = frozenset({"project"})
INCLUDED_IN: Mapping[str, frozenset[str]] = {
    "read:org": frozenset({"write:org", "admin:org"}),
    "read:project": frozenset({"project"}),
}
HARMLESS = frozenset({"read:user", "user:email", "public_repo", "repo:status", "repo_deployment", "read:enterprise"})
FEW_DAYS = 14


def token(examination: Examination) -> Iterator[Verdict]:
    """The token is one of GitHub's, and GitHub takes it."""
    if examination.github:
        yield token_of(examination, "GitHub", examination.github.token)


def _told(examination: Examination) -> GitHubToken | None:
    facts = examination.github
    return facts.token if facts and isinstance(facts.token, GitHubToken) else None


def scopes(examination: Examination) -> Iterator[Verdict]:
    """A classic token has the scopes it needs and no others; other kinds do not name theirs."""
    told = _told(examination)
    if told is None:
        return
    if told.scopes is None:
        yield ok("github.scopes", "tokens of this kind do not name what they may: what they lack shows below")
        return
    needed = NEEDED_SCOPES | (WRITING_SCOPES if examination.wanted.writes_on_github else frozenset())
    lacking = sorted(one for one in needed if not told.scopes & ({one} | INCLUDED_IN.get(one, frozenset())))
    more = sorted(told.scopes - needed - HARMLESS)
    if lacking:
        remedy = "Add them to the token: github.com/settings/tokens."
        yield failed("github.scopes", f"lacks {', '.join(lacking)}", remedy)
    if more:
        remedy = f"Make a token with {', '.join(sorted(needed))} alone; better, a fine-grained one."
        yield warning("github.scopes", f"may do more than it needs: {', '.join(more)}", remedy)
    if not lacking and not more:
        yield ok("github.scopes", f"just what is needed: {', '.join(sorted(told.scopes))}")


def expiry(examination: Examination) -> Iterator[Verdict]:
    """The token lasts for a while yet."""
    told = _told(examination)
    if told is None or told.expires is None:
        return
    left = (told.expires - examination.now).days
    day = spell_day(told.expires.date())
    if left < FEW_DAYS:
        remedy = "Make a new one and put it where the schedule takes it from."
        yield warning("github.expiry", f"the token expires on {day}: {max(left, 0)} days are left", remedy)
    else:
        yield ok("github.expiry", f"the token expires on {day}")


def organisation(examination: Examination) -> Iterator[Verdict]:
    """The organisation exists, under the name that is set."""
    facts, wanted = examination.github, examination.wanted.organisation
    if facts is None or not wanted:
        return
    if not isinstance(facts.organisation, Unanswered):
        yield ok("github.organisation", facts.organisation)
    elif facts.organisation.skipped:
        yield unknown("github.organisation", wanted, facts.organisation)
    else:
        message = f"{wanted} is not there, or the token does not see it ({facts.organisation.reason})"
        yield failed("github.organisation", message, "Check CSH_GITHUB__ORG: it is NAME in github.com/NAME.")


def repositories(examination: Examination) -> Iterator[Verdict]:
    """The token sees repositories, private ones too: a token that waits for approval sees public data only."""
    facts = _beyond_organisation(examination)
    if facts is None:
        return
    if isinstance(facts.repositories, Unanswered):
        yield unknown("github.repositories", "the list of repositories", facts.repositories)
        return
    number, private = len(facts.repositories), sum(1 for one in facts.repositories if one.private)
    if not number:
        remedy = "Give the token access to the repositories, and have the organisation approve it."
        yield failed("github.repositories", "the token sees no repository", remedy)
    elif not private:
        remedy = "If there are private ones: has the organisation approved the token, with access to all of them?"
        yield warning("github.repositories", f"the token sees {number}, none of them private", remedy)
    else:
        yield ok("github.repositories", f"the token sees {number}, {private} of them private")


def labels(examination: Examination) -> Iterator[Verdict]:
    """Each profile's label is in some repository."""
    facts = _beyond_organisation(examination)
    if facts is None or isinstance(facts.repositories, Unanswered):
        return
    live = [one for one in facts.repositories if not one.archived]
    for label in examination.wanted.labels:
        having = sum(1 for one in live if label in one.labels)
        if having:
            yield ok("github.labels", f"{label} is in {having} of {len(live)} repositories that are in use")
        else:
            remedy = (
                "Add it to the repositories that hold such work: csh-sync init --label REPOSITORY does; all: to each."
            )
            yield failed("github.labels", f"no repository has the label {label}", remedy)


def board(examination: Examination) -> Iterator[Verdict]:
    """The board is there."""
    facts, number = _beyond_organisation(examination), examination.wanted.project_number
    if facts is None:
        return
    if not isinstance(facts.board, Unanswered):
        yield ok("github.board", f"{number} ({facts.board.title})" if facts.board.title else str(number))
    elif facts.board.skipped:
        yield unknown("github.board", f"board {number}", facts.board)
    else:
        remedy = f"Set CSH_GITHUB__PROJECT_NUMBER; the token sees {listed(facts.boards)}."
        if not facts.boards:
            remedy = "The token needs Projects: read in the organisation (classic: read:project), or another number."
        yield failed("github.board", f"board {number} could not be read: {facts.board.reason}", remedy)


def hours_column(examination: Examination) -> Iterator[Verdict]:
    """The board's column of hours is there and holds numbers (requirement 113)."""
    found = _board(examination)
    if found is None:
        return
    if found.hours:
        yield ok("github.hours", f'hours are read from the column "{found.hours}"')
        return
    numbers = (name for name, kind in found.columns.items() if kind == "NUMBER")
    near = nearest(examination.wanted.hours_field, numbers)
    guess = f'Is it "{near}" now? Set CSH_GITHUB__HOURS_FIELD to it.' if near else ""
    remedy = guess or "Set CSH_GITHUB__HOURS_FIELD to its name or id, or add a column of numbers to the board."
    yield failed("github.hours", found.hours_trouble or "the board has no column of hours", remedy)


def other_columns(examination: Examination) -> Iterator[Verdict]:
    """The board's other columns that we read have the types they need; each may be missing."""
    found = _board(examination)
    if found is None:
        return
    for one in found.problems:
        yield warning("github.columns", f"{one.subject} {one.message}", one.remedy)
    if not found.problems:
        yield ok("github.columns", "the board's other columns, where they are there, are of the right types")


def sentinel(examination: Examination) -> Iterator[Verdict]:
    """The issue that must be visible is (decision D11)."""
    facts = _beyond_organisation(examination)
    if facts is None or facts.sentinel is None:
        return
    if isinstance(facts.sentinel, Unanswered):
        yield unknown("github.sentinel", "the sentinel issue", facts.sentinel)
    elif facts.sentinel:
        yield ok("github.sentinel", "the sentinel issue is visible")
    else:
        remedy = "Check what the token may see, or set CSH_SENTINELS__ISSUE to another issue."
        yield failed("github.sentinel", "the sentinel issue is not visible", remedy)


def _beyond_organisation(examination: Examination) -> GitHubFacts | None:
    """Return the facts where the organisation is there: without it nothing else can be."""
    facts = examination.github
    return None if facts is None or isinstance(facts.organisation, Unanswered) else facts


def _board(examination: Examination) -> BoardFacts | None:
    facts = _beyond_organisation(examination)
    return None if facts is None or isinstance(facts.board, Unanswered) else facts.board
