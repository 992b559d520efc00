"""Which issues get a comment that leads to their task, or another one (requirement 18)."""

from collections.abc import Iterable, Iterator, Mapping

from mappings.back_link import USUAL_WORDS, back_link_text, back_link_words, leads_to, task_of
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
    known, words = world.back_links or {}, back_link_words(policy.wording)
    left = MOST_IN_A_RUN
    for decision in decisions:
        issue = decision.scoped.issue
        there = known.get(issue.id)
        if there is None or not there.writable or not isinstance(fates[issue.id], Keep | Make):
            continue
        if not may_have_back_link(issue, policy) or there.text == back_link_text(decision.ref.gid, words) or not left:
            continue
        left -= 1
        reason = "leads to its task"
        if there.comment_id:
            reworded = leads_to(there.text, decision.ref.gid)
            reason = "its comment has other words" if reworded else "its comment leads to another task"
        about = About(issue.title, issue.reference, issue.url)
        former, own = task_of(there.text, words), "" if words == USUAL_WORDS else words
        yield WriteBackLink(issue.repository, issue.number, decision.ref, there.comment_id, about, reason, former, own)
