"""Findings about tasks and rows: held, not made, twins, addresses typed elsewhere, sealed rows that were edited."""

from collections.abc import Iterator

from sync.findings.case import Case, some
from sync.mirror.identity import task_names
from sync.mirror.leaving import Hold, NoTask
from sync.mirror.twins import row_evidence, twin_evidence
from sync.model.change import WriteRows
from sync.model.finding import Finding
from sync.model.issue import Issue
from sync.model.work import UNPLACED

LINKS_SHOWN = 10


def held(case: Case) -> Iterator[Finding]:
    """A task is left as it is although its issue left, or was closed undelivered (decision D6)."""
    for issue_id, fate in case.assessment.fates.items():
        if isinstance(fate, Hold):
            issue = case.assessment.decisions[issue_id].scoped.issue
            yield Finding(fate.kind, issue.reference, f"Kept: {fate.reason}.", fate.remedy, issue.url)
    for mirror, fate in case.assessment.left:
        if isinstance(fate, Hold):
            name = mirror.task.name if mirror.task else mirror.known.url
            yield Finding(fate.kind, name, f"Kept: {fate.reason}.", fate.remedy, mirror.known.url)


def not_made(case: Case) -> Iterator[Finding]:
    """An issue in scope has no task, and a person should know why."""
    for issue_id, fate in case.assessment.fates.items():
        if isinstance(fate, NoTask) and fate.kind and not fate.below:
            issue = case.assessment.decisions[issue_id].scoped.issue
            yield Finding(fate.kind, issue.reference, f"Not made: {fate.reason}.", fate.remedy, issue.url)


def went_along(case: Case) -> Iterator[Finding]:
    """A CSH task was deleted by hand and mirrored tasks below it went along; each CSH task once (fault E04)."""
    gone: dict[str, list[Issue]] = {}
    for issue_id, fate in case.assessment.fates.items():
        if isinstance(fate, NoTask) and fate.below:
            gone.setdefault(fate.below, []).append(case.assessment.decisions[issue_id].scoped.issue)
    for gid, issues in sorted(gone.items()):
        stood_for = [one for one in case.world.contracts.allocations.values() if one.asana_gid == gid]
        names = some(one.name or one.id for one in sorted(stood_for, key=lambda one: one.name))
        tasks = some(one.reference for one in issues)
        yield Finding(
            "went_along",
            f"The CSH task of {names}" if names else f"CSH task {gid}",
            f"It was deleted by hand, and the tasks of {tasks} went along; they are not made again.",
            "Restore the CSH task from Asana's trash; or, to have them made again, empty Task in their Activity rows.",
            f"https://app.asana.com/0/0/{gid}",
            subject_id=gid,
            period=stood_for[0].id if len(stood_for) == 1 else "",
            community=case.community(case.community_of_allocation(stood_for[0].id)) if stood_for else "",
            links=tuple(one.url for one in issues[:LINKS_SHOWN]),
        )


def twin_tasks(case: Case) -> Iterator[Finding]:
    """Several tasks of the home project name one issue; nothing is written to the further ones."""
    mirrors = [decision.mirror for decision in case.assessment.decisions.values() if decision.mirror]
    for mirror in (*mirrors, *(one for one, _ in case.assessment.left)):
        if mirror.twins and mirror.task:
            evidence = twin_evidence(mirror.task.gid, [task.gid for task in mirror.twins])
            remedy = "Keep what is needed of the further task and delete it; the next run removes one without comments."
            yield Finding("twin_tasks", mirror.task.name, evidence, remedy, mirror.known.url)


def twin_rows(case: Case) -> Iterator[Finding]:
    """Several Activity records carry one key: that key is held."""
    for key, records in sorted(case.world.ledger.twins.items()):
        period = key.rpartition("@")[2]
        yield Finding(
            "twin_rows",
            key,
            row_evidence(key, records),
            "Delete or correct the younger row; the next run removes one in which people wrote nothing.",
            subject_id=key,
            period="" if period == UNPLACED else period,
            community=case.community(case.community_of_allocation(period)),
        )


def misplaced_addresses(case: Case) -> Iterator[Finding]:
    """Our address is typed on a task outside the home project; nothing is written to that task (design, section 2)."""
    mirrored = {decision.task.gid for decision in case.assessment.decisions.values() if decision.task}
    for gid, task in sorted(case.world.tasks.tree.items()):
        if gid in case.world.tasks.home or gid in mirrored:
            continue
        for known in task_names(task, case.policy.organisation)[:1]:
            if not known.url:
                continue
            evidence = f"The hand-made task names {known.url}, but is not in the home project."
            remedy = "Clear the address on it."
            yield Finding("address_elsewhere", task.name, evidence, remedy, task.permalink, subject_id=gid)


def no_tasks(case: Case) -> Iterator[Finding]:
    """A separator, milestone or approval of the home project names an issue: it is left alone.

    One that was an issue's own task is told of that issue.
    """
    converted = {
        mirror.named_task
        for issue_id, fate in case.assessment.fates.items()
        if isinstance(fate, NoTask) and fate.kind == "task_converted"
        if (mirror := case.assessment.decisions[issue_id].mirror)
    }
    for gid, task in sorted(case.world.tasks.home.items()):
        if not task.plain and gid not in converted and (known := task_names(task, case.policy.organisation)):
            evidence = f"It names {known[0].url or known[0].id}, but is no plain task; nothing is written to it."
            remedy = "Clear the address on it."
            yield Finding("no_plain_task", task.name, evidence, remedy, task.permalink, subject_id=gid)


def sealed_rows_restored(case: Case) -> Iterator[Finding]:
    """A sealed row was edited or deleted by hand: it is written again from the seal.

    A row that was sealed without being in the seal is another finding's.
    """
    settled = [one.settled for one in case.assessment.decisions.values()]
    settled += [one.settled for one in case.assessment.timed]
    slipped = {f"{one.owner}@{it.allocation_id}" for one in settled for it in one.remarks if it.kind == "not_in_seal"}
    for change in case.assessment.plan.changes:
        if isinstance(change, WriteRows):
            for write in change.rows:
                if write.restored and write.after.key not in slipped:
                    sealed = case.world.contracts.allocations.get(write.after.allocation_id)
                    where = f" in {sealed.name}" if sealed and sealed.name else ""
                    evidence = f"Its sealed row{where} was edited or deleted in Activity; it is written again."
                    remedy = "Nothing; to change sealed hours, tick Reopen on the allocation."
                    yield Finding(
                        "sealed_row_restored",
                        change.about.subject,
                        evidence,
                        remedy,
                        change.about.url,
                        subject_id=write.after.key,
                        period=write.after.allocation_id,
                        community=case.community(case.community_of_allocation(write.after.allocation_id)),
                    )
