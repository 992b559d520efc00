"""Which issues get a comment that leads to their task, or another one (requirement 18)."""

from collections.abc import Iterable, Iterator, Mapping

from mappings.back_link import back_link_text, task_of
from sync.mirror.deciding import Decision
from sync.mirror.leaving import Fate, Keep, Make
from sync.mirror.world import Policy, World
from sync.model.change import About, WriteBackLink
from sync.model.issue import Closing, Issue, IssueSnapshot

MOST_IN_A_RUN = 100
"""GitHub takes about 500 issues and comments an hour; what is left over comes in the next run."""


def may_have_back_link(issue: Issue, policy: Policy) -> bool:
    """Tell whether an issue may carry the comment: open, and not public unless that is switched on."""
    return issue.closing is Closing.OPEN and (issue.private or policy.back_links_public)


def back_link_candidates(issues: IssueSnapshot, policy: Policy) -> set[str]:
    """Return the ids of the issues whose comments are to be read."""
    return {one for one, scoped in issues.issues.items() if may_have_back_link(scoped.issue, policy)}


def back_links(
    world: World, policy: Policy, decisions: Iterable[Decision], fates: Mapping[str, Fate]
) -> Iterator[WriteBackLink]:
    """Yield the comments to write or to edit, the first `MOST_IN_A_RUN` of them."""
    known = world.back_links or {}
    left = MOST_IN_A_RUN
    for decision in decisions:
        issue = decision.scoped.issue
        there = known.get(issue.id)
        if there is None or not there.writable or not isinstance(fates[issue.id], Keep | Make):
            continue
        if not may_have_back_link(issue, policy) or there.text == back_link_text(decision.ref.gid) or not left:
            continue
        left -= 1
        reason = "its comment leads to another task" if there.comment_id else "leads to its task"
        about = About(issue.title, issue.reference, issue.url)
        former = task_of(there.text)
        yield WriteBackLink(issue.repository, issue.number, decision.ref, there.comment_id, about, reason, former)
