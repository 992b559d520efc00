"""What is right and wrong with a set-up: one small function per check, over what was found (requirement 112).

A new check is a function that takes an `Examination` and yields verdicts, and its name in `CHECKS`.
"""

from collections.abc import Callable, Iterator

from sync.model.examination import Examination, Verdict
from sync.setup import airtable, asana, github, names, running, schedule, tokens

Check = Callable[[Examination], Iterator[Verdict]]

CHECKS: tuple[Check, ...] = (
    tokens.settings_are_usable,
    tokens.hosts,
    tokens.files,
    github.token,
    github.scopes,
    github.expiry,
    github.organisation,
    github.repositories,
    github.labels,
    github.board,
    github.hours_column,
    github.other_columns,
    github.sentinel,
    asana.token,
    asana.workspace,
    asana.home_project,
    asana.home_access,
    asana.fields,
    asana.portfolio,
    asana.engagements_project,
    asana.csh_tasks,
    asana.plan,
    asana.sentinel,
    airtable.token,
    airtable.base,
    airtable.role,
    airtable.scopes,
    airtable.records,
    airtable.columns,
    airtable.optional_columns,
    airtable.runs_and_alerts,
    airtable.sentinel,
    names.counterparts,
    names.common_aliases,
    names.shared_aliases,
    running.last_success,
    running.clock,
    running.moment_is_set,
    running.sentinels,
    running.state_file,
    running.help_desk,
    running.slack,
    schedule.airtable_calls,
    schedule.github_points,
    schedule.asana_pace,
    schedule.job_minutes,
)


def judge(examination: Examination) -> tuple[Verdict, ...]:
    """Return the verdicts of all checks, in their order."""
    return tuple(verdict for check in CHECKS for verdict in check(examination))
