"""When a plan is too large, or a reading too strange, to be believed (decision D11). Checked before the first write."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.errors import GuardRefused
from sync.mirror.world import Policy, World
from sync.model.change import Change, PlaceTask, Plan, RemoveTask
from sync.model.reading import FieldDrift


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to write: the number, the limit, the setting behind it and the one-time flag ("" for none)."""

    guard: str
    message: str
    flag: str = ""


ALLOW_MASS_CHANGE = "--allow-mass-change"
ALLOW_EMPTY = "--allow-empty"


def check_plan(plan: Plan, world: World, policy: Policy, allowed: frozenset[str] = frozenset()) -> None:
    """Raise GuardRefused when a guard speaks against *plan* whose flag is not among those *allowed*."""
    refusals = [one for one in refusals_of(plan, world, policy) if one.flag not in allowed or not one.flag]
    if refusals:
        text = "\n".join(f"{one.message}" + (f" To go on once: {one.flag}." if one.flag else "") for one in refusals)
        raise GuardRefused(text, remedy="Nothing was written.")


def refusals_of(plan: Plan, world: World, policy: Policy) -> tuple[Refusal, ...]:
    """Return every refusal, drift first."""
    return (*_drift(world), *_empty(world, policy), *_mass_change(plan, policy))


def check_drift(drift: Iterable[FieldDrift]) -> None:
    """Raise GuardRefused when a field of ours that is needed is missing or of another type."""
    if refusals := _drifted(drift):
        raise GuardRefused("\n".join(one.message for one in refusals), remedy="Nothing was written.")


def _drift(world: World) -> tuple[Refusal, ...]:
    return _drifted((*world.tasks.drift, *world.contracts.drift, *world.ledger.drift))


def _drifted(drift: Iterable[FieldDrift]) -> tuple[Refusal, ...]:
    return tuple(Refusal("field", f"{one}.") for one in dict.fromkeys(drift) if one.needed)


def _mass_change(plan: Plan, policy: Policy) -> tuple[Refusal, ...]:
    touched = sum(1 for change in plan.changes if _counts(change))
    if plan.mirror_size < policy.guard_minimum or touched <= policy.guard_share * plan.mirror_size:
        return ()
    share = f"{policy.guard_share:.0%}"
    message = (
        f"{touched} of {plan.mirror_size} mirrored tasks would be removed or moved; the limit is {share} "
        f"(guards.share) once there are {policy.guard_minimum} (guards.minimum)."
    )
    return (Refusal("mass change", message, ALLOW_MASS_CHANGE),)


def _counts(change: Change) -> bool:
    return isinstance(change, RemoveTask) or (isinstance(change, PlaceTask) and change.counts)


def _empty(world: World, policy: Policy) -> tuple[Refusal, ...]:
    """Refuse when one reading is empty while another service still names many of its members."""
    named_tasks = {item.row.task for item in world.ledger.rows.values() if item.row.task}
    named_issues = {item.row.owner for item in world.ledger.rows.values() if item.row.source == "GitHub"}
    mirrored = {gid for gid, task in world.tasks.home.items() if task.fields.text("github_url")}
    found = []
    enough = max(policy.guard_minimum, 1)
    if not world.tasks.home and len(named_tasks) >= enough:
        found.append(f"Asana's home project is empty, but {len(named_tasks)} tasks are named in Activity.")
    if not named_issues and len(mirrored) >= enough:
        found.append(f"Activity is empty, but {len(mirrored)} tasks of the home project are mirrored.")
    known = max(len(named_issues), len(mirrored))
    if not world.issues.issues and known >= enough:
        found.append(f"GitHub shows no issue in scope, but {known} are mirrored.")
    linked = sum(1 for item in world.contracts.allocations.values() if item.asana_gid)
    if not world.tasks.csh_tasks and (linked >= enough or len(named_tasks) >= enough):
        found.append("Asana shows no engagement and no CSH task, but allocations or mirrored tasks need them.")
    if not world.contracts.allocations and len(named_issues) >= enough:
        found.append(f"Airtable shows no allocation, but Activity holds {len(named_issues)} issues.")
    return tuple(
        Refusal("empty", f"{message} The limit is {enough} (guards.minimum).", ALLOW_EMPTY) for message in found
    )
