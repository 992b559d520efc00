"""Which tasks already are about issues in scope, and how they become mirrored ones. Nothing else of them changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from mappings.richtext.readback import links_in, source_url
from sync.mirror.differences import removal
from sync.mirror.identity import identify, names_issue
from sync.mirror.planning import assess
from sync.mirror.world import Policy, World
from sync.model.addresses import same_address
from sync.model.adopting import Adoption, AdoptionPage, Claim, Twin, TwinFate, Witness
from sync.model.change import (
    About,
    Change,
    FieldChange,
    PlaceTask,
    Plan,
    RehomeTask,
    TaskDraft,
    UpdateTask,
)
from sync.model.issue import Issue
from sync.model.work import HumanContent, Task, TaskFields

KEYS = ("github_url", "github_id")
EARLIER = "earlier_url"
"""The field of an earlier tool, as the connector reads it."""
EARLIEST = datetime.min.replace(tzinfo=UTC)


def claim(task: Task, organisation: str) -> Claim | None:
    """Return the issue of the organisation that a task names, by the strongest witness; None when it names none."""
    if not task.plain:
        return None
    links = links_in(task.html_notes)
    witnesses = (
        (task.fields.text("github_url"), Witness.KEY),
        (task.fields.text(EARLIER), Witness.FIELD),
        (source_url(task.html_notes) or "", Witness.SOURCE_LINE),
        (links[0] if len(links) == 1 else "", Witness.ONLY_LINK),
    )
    found = (Claim(task, url.strip(), witness) for url, witness in witnesses if names_issue(url, organisation))
    return next(found, None)


def mention(task: Task, organisation: str) -> Claim | None:
    """Return the one issue of the organisation that a description links to among other things; None for several."""
    links = links_in(task.html_notes) if task.plain else ()
    issues = {same_address(url): url for url in links if names_issue(url, organisation)}
    return Claim(task, next(iter(issues.values())), Witness.ONE_OF_LINKS) if len(issues) == 1 else None


class Adopting:
    """The tasks of a world, and those of *extra* (flat projects), by the issue they are about."""

    def __init__(self, world: World, policy: Policy, extra: Mapping[str, Task]) -> None:
        self._world, self._policy = world, policy
        self._issues = {
            same_address(url): scoped.issue
            for scoped in world.issues.issues.values()
            for url in (scoped.issue.url, *scoped.former_urls)
        }
        every = {**extra, **world.tasks.tree, **world.tasks.home}
        tasks = [every[gid] for gid in sorted(every) if gid not in world.tasks.csh_tasks]
        claims = [claim(one, policy.organisation) for one in tasks]
        self._groups: dict[str, list[Claim]] = {}
        self.outside: list[Claim] = []
        for one in filter(None, claims):
            issue = self._issues.get(same_address(one.url))
            if issue:
                self._groups.setdefault(issue.id, []).append(one)
            elif one.witness is not Witness.ONLY_LINK:
                self.outside.append(one)
        mentions = filter(None, (mention(one, policy.organisation) for one in tasks))
        known = {url: issue for url, issue in self._issues.items() if issue.id not in self._groups}
        self._mentions = [one for one in mentions if same_address(one.url) in known]
        self._by_id = {issue.id: issue for issue in self._issues.values()}
        in_scope, _ = identify(world.issues, world.tasks.home, world.ledger, policy.organisation)
        self._remembered = {issue_id: mirror.named_task for issue_id, mirror in in_scope.items()}

    def doubtful(self) -> frozenset[str]:
        """Return the gids of the tasks whose content decides which of several is kept."""
        return frozenset(one.task.gid for group in self._groups.values() if len(group) > 1 for one in group)

    def page(self, content: Mapping[str, HumanContent]) -> AdoptionPage:
        """Return what is to be done, once it is known what people added to the doubtful tasks."""
        unclear: list[str] = []
        chosen: dict[str, tuple[Claim, list[Twin]]] = {}
        for issue_id, group in sorted(self._groups.items(), key=lambda item: self._by_id[item[0]].reference):
            if len(group) > 1 and any(one.task.gid not in content for one in group):
                unclear.append(self._by_id[issue_id].reference)
                continue
            ranked = self._ranked(issue_id, [replace(one, content=content.get(one.task.gid)) for one in group])
            if len(ranked) > 1 or not self._is_mirrored(ranked[0].task):
                chosen[issue_id] = (ranked[0], [Twin(one, self._fate(one)) for one in ranked[1:]])
        changes, adoptions = self._changes(chosen)
        return AdoptionPage(
            tuple(adoptions),
            Plan(tuple(changes), complete={"GitHub": self._world.issues.complete}),
            tuple(self.outside),
            tuple(self._mentions),
            tuple(unclear),
        )

    def _ranked(self, issue_id: str, group: Sequence[Claim]) -> list[Claim]:
        """Return the claims, the one to keep first: what rows remember, what people put most into, ours, the oldest."""
        remembered = self._remembered.get(issue_id, "")

        def rank(one: Claim) -> tuple[bool, int, int, bool, datetime, str]:
            minutes, pieces = one.weight
            task = one.task
            ours = self._is_mirrored(task)
            return task.gid != remembered, -minutes, -pieces, not ours, task.created_at or EARLIEST, task.gid

        return sorted(group, key=rank)

    def _is_mirrored(self, task: Task) -> bool:
        return self._policy.home_project in task.project_gids and bool(task.fields.text("github_url"))

    def _fate(self, one: Claim) -> TwinFate:
        if not one.is_a_persons:
            return TwinFate.REMOVED
        keyed = any(one.task.fields.text(name) for name in KEYS)
        return TwinFate.UNKEYED if keyed and self._policy.home_project in one.task.project_gids else TwinFate.LEFT

    # Changes.

    def _changes(self, chosen: Mapping[str, tuple[Claim, list[Twin]]]) -> tuple[list[Change], list[Adoption]]:
        placing, taken_over = self._consequences(chosen)
        changes: list[Change] = []
        endings: list[Change] = []
        adoptions = []
        for issue_id, (kept, twins) in chosen.items():
            issue = self._by_id[issue_id]
            about = About(kept.task.name, issue.reference, issue.url)
            changes += self._keying(kept, issue, about)
            place = placing.get(kept.task.gid)
            if place:
                changes.append(replace(place, about=about, draft=_keyed(kept.task, issue), counts=False))
            for twin in twins:
                endings += _ending(twin, About(twin.claim.task.name, issue.reference, issue.url), kept)
            names = taken_over.get(kept.task.gid, ())
            where = place.about.group if place else ""
            adoptions.append(Adoption(issue.reference, issue.title, issue.url, kept, tuple(twins), where, names))
        return changes + endings, adoptions

    def _keying(self, kept: Claim, issue: Issue, about: About) -> Iterator[Change]:
        """Yield what gives a task our key, in the home project."""
        before = kept.task.fields.values.get("github_url")
        why = f"it names the issue by {kept.witness.value}"
        if self._policy.home_project not in kept.task.project_gids:
            yield RehomeTask(kept.task.gid, _keyed(kept.task, issue), about, why)
        elif not before or same_address(str(before)) != same_address(issue.url):
            key = FieldChange("github_url", before, issue.url)
            yield UpdateTask(kept.task.gid, (key,), _keyed(kept.task, issue), about, why)

    def _consequences(
        self, chosen: Mapping[str, tuple[Claim, list[Twin]]]
    ) -> tuple[dict[str, PlaceTask], dict[str, tuple[str, ...]]]:
        """Return where a run would hang tasks that hang nowhere, and which fields it would write on each."""
        kept = {
            one.task.gid: _adopted(one.task, self._by_id[issue_id], self._policy)
            for issue_id, (one, _) in chosen.items()
        }
        gone = {twin.claim.task.gid for _, twins in chosen.values() for twin in twins}
        tasks = self._world.tasks
        home = {gid: task for gid, task in {**tasks.home, **kept}.items() if gid not in gone}
        tree = {gid: kept.get(gid, task) for gid, task in tasks.tree.items() if gid not in gone}
        plan = assess(replace(self._world, tasks=replace(tasks, home=home, tree=tree)), self._policy).plan
        places = {
            one.task.gid: one
            for one in plan.changes
            if isinstance(one, PlaceTask) and one.task.gid in kept and not one.before and one.parent and one.parent.gid
        }
        written = {
            one.gid: tuple(change.name for change in one.changes)
            for one in plan.changes
            if isinstance(one, UpdateTask) and one.gid in kept
        }
        return places, written


def _keyed(task: Task, issue: Issue) -> TaskDraft:
    """Return a draft of which only our key is written."""
    return TaskDraft(task.name, fields={"github_url": issue.url})


def _adopted(task: Task, issue: Issue, policy: Policy) -> Task:
    """Return a task as it is once it is taken over."""
    fields = TaskFields({**task.fields.values, "github_url": issue.url})
    return replace(task, fields=fields, project_gids=task.project_gids | {policy.home_project})


def _ending(twin: Twin, about: About, kept: Claim) -> Iterator[Change]:
    task = twin.claim.task
    why = f"a twin of task {kept.task.gid}, which is kept"
    if twin.fate is TwinFate.REMOVED:
        yield removal(task, about, why)
    elif twin.fate is TwinFate.UNKEYED:
        changes = tuple(FieldChange(name, task.fields.values[name], None) for name in KEYS if task.fields.text(name))
        draft = TaskDraft(task.name, fields={one.name: None for one in changes})
        yield UpdateTask(task.gid, changes, draft, about, why)
