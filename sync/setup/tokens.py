"""Checks of the settings themselves: what is missing or wrong, and where tokens lie and go."""

from collections.abc import Iterator

from sync.model.examination import Examination, Unanswered, Verdict
from sync.model.tokens import TokenWord
from sync.setup.verdicts import LATER, failed, ok, warning


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
        yield failed("settings", problem, _remedy_of(problem))
    if not problems:
        yield ok("settings", "all that is needed is set")


def _remedy_of(problem: str) -> str:
    if problem.endswith(("is not set.", "where are the engagements?")):
        return "csh-sync init finds it."
    if "is not set: a token" in problem:
        return "Put it into .env in this folder, as NAME=value, or into the environment: docs/setup.md."
    return "csh-sync settings shows each value and where it came from; docs/settings.md tells what it may be."


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
