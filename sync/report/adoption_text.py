"""What may be taken over, for people and as documents."""

from collections.abc import Iterator, Sequence
from typing import Any

from sync.model.adopting import Adoption, AdoptionPage, Claim, Twin
from sync.model.change import RehomeTask, UpdateTask
from sync.model.legible import safe
from sync.report.documents import plain
from sync.report.plan_text import Line
from sync.report.words import counted

SHOWN = 20
MENTIONING = "A task that is the issue's own: leave only this link in its description, and adopt again."


def adoption_lines(page: AdoptionPage) -> Iterator[Line]:
    """Return every task that is about an issue: what will be done, what the next run will write, and its twins."""
    changed = {one.gid for one in page.plan.changes if isinstance(one, RehomeTask | UpdateTask)}
    for one in page.adoptions:
        yield Line(f"{one.reference}  {safe(one.title)}", "head")
        yield from _kept(one, changed=one.kept.task.gid in changed)
        for twin in one.twins:
            yield from _twin(twin)
    for reference in page.unclear:
        yield Line(f"  ? {reference}: what people added to its tasks could not be read; left alone", "ask")
    yield from _left_alone(page.outside, "whose issue is not in scope", "")
    yield from _left_alone(page.mentioning, "linking to an issue among other things", MENTIONING)
    yield Line("")
    yield Line(adoption_summary(page))


def _left_alone(claims: Sequence[Claim], which: str, remedy: str) -> Iterator[Line]:
    if not claims:
        return
    yield Line("")
    yield Line(f"Left alone: {counted(len(claims), 'task')} {which}", "head")
    for claim in claims[:SHOWN]:
        yield Line(f"  {safe(claim.task.name)} ({claim.task.gid}): {safe(claim.url)}")
    if len(claims) > SHOWN:
        yield Line(f"  and {len(claims) - SHOWN} more: --json lists them all")
    if remedy:
        yield Line(f"  {remedy}")


def _kept(one: Adoption, *, changed: bool) -> Iterator[Line]:
    task = one.kept.task
    what = "+ adopt" if changed else "= keep"
    yield Line(f"  {what} {safe(task.name)} ({task.gid}): it names the issue by {one.kept.witness.value}", "add")
    if one.place:
        yield Line(f"    and hang it under the CSH task of {safe(one.place)}", "add")
    if one.taken_over:
        yield Line(f"    the next run writes {', '.join(one.taken_over)}")


def _twin(twin: Twin) -> Iterator[Line]:
    task = twin.claim.task
    words = f" ({_content(twin.claim)})" if twin.claim.is_a_persons else ""
    yield Line(f"  ! twin {safe(task.name)} ({task.gid}){words}: {twin.fate.value}", "remove")


def _content(claim: Claim) -> str:
    minutes, pieces = claim.weight
    parts = [f"{minutes / 60:.2f} h logged"] if minutes else []
    parts += [f"{pieces} of comments, attachments, sub-tasks"] if pieces else []
    return ", ".join(parts) or "a person typed it"


def adoption_summary(page: AdoptionPage) -> str:
    """Return the sentence at the end."""
    if not page.plan.changes:
        return "Nothing to adopt."
    twins = sum(len(one.twins) for one in page.adoptions)
    return f"{counted(len(page.adoptions), 'issue')} with tasks to take over, {counted(twins, 'twin')}."


def adoption_document(page: AdoptionPage) -> dict[str, Any]:
    """Return what was found, without the texts of descriptions."""
    return {
        "adoptions": [
            {
                "reference": one.reference,
                "title": one.title,
                "url": one.url,
                "kept": _claim(one.kept),
                "twins": [{**_claim(twin.claim), "fate": twin.fate.name.lower()} for twin in one.twins],
                "place": one.place,
                "taken_over": list(one.taken_over),
            }
            for one in page.adoptions
        ],
        "outside": [_claim(one) for one in page.outside],
        "mentioning": [_claim(one) for one in page.mentioning],
        "unclear": list(page.unclear),
        "problems": plain(page.problems),
    }


def _claim(one: Claim) -> dict[str, Any]:
    minutes, pieces = one.weight
    return {
        "gid": one.task.gid,
        "name": one.task.name,
        "issue_url": one.url,
        "witness": one.witness.name.lower(),
        "minutes": minutes,
        "pieces": pieces,
    }
