"""How checks say what they found."""

from collections.abc import Mapping

from sync.model.examination import Level, Unanswered, Verdict

SEVERAL = 5
LATER = "Try again later; if it stays, check what the token may see."


def ok(check: str, message: str) -> Verdict:
    """Return that all is well."""
    return Verdict(check, Level.OK, message)


def warning(check: str, message: str, remedy: str) -> Verdict:
    """Return that something may go wrong, or is not as it could be."""
    return Verdict(check, Level.WARNING, message, remedy)


def failed(check: str, message: str, remedy: str) -> Verdict:
    """Return that a run would fail, or do less than it should."""
    return Verdict(check, Level.FAILED, message, remedy)


def unknown(check: str, what: str, fact: Unanswered) -> Verdict:
    """Return that *what* could not be looked at; that it was not asked is no failure: another check says why."""
    if fact.skipped:
        return Verdict(check, Level.SKIPPED, f"{what}: not looked at, as {fact.skipped}")
    return failed(check, f"{what} could not be read: {fact.reason}", fact.remedy or LATER)


def listed(names: Mapping[str, str] | Mapping[int, str]) -> str:
    """Return some of what the token sees, id and name, for a remedy; "nothing" when it sees nothing."""
    some = sorted(f"{one} ({name})" for one, name in names.items())
    more = f" and {len(some) - SEVERAL} more" if len(some) > SEVERAL else ""
    return ", ".join(some[:SEVERAL]) + more if some else "nothing"
