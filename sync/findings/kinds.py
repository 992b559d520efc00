"""Every kind of finding: what is the matter, what to do, how much it matters, and who should act.

`docs/findings.md` is written from here: ``make findings`` writes it anew.
"""

from dataclasses import dataclass

from sync.model.finding import Role, Severity

HEAD = """# Findings

A finding is something a person should look at. It names what it is about, the evidence and a remedy; it does not fail \
a run. `csh-sync check` lists them by who should act, worst first; they also stand below *To look at* after a plan and \
a run, and in the JSON of all three ([records.md](records.md)). They are worked out anew each time and disappear when \
their cause does.

<!-- Written by `make findings` from sync/findings/kinds.py. -->
"""
TABLE_HEAD = "| Kind | What is the matter | What to do | Severity | Who |\n|---|---|---|---|---|"

WHOSE_IT_IS_AND_WHERE = "Whose it is, and where"
HOURS = "Hours"
TASKS_AND_ROWS = "Tasks and rows"
CONTRACTS = "Caps and contracts"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding. *matter* and *remedy* are Markdown, for the page.

    A *passing* one tells what the run itself puts right: it is told once and is not there in the next run.
    """

    name: str
    group: str
    severity: Severity
    role: Role
    matter: str
    remedy: str
    passing: bool = False


KINDS: tuple[Kind, ...] = (
    Kind(
        "unplaced",
        WHOSE_IT_IS_AND_WHERE,
        Severity.HIGH,
        Role.MANAGER,
        (
            "No community can be told, or no single allocation holds the work date. The task waits in the home "
            "project, its hours in an *unplaced* row"
        ),
        (
            "Community unknown: name it in the title, on the board or by label, or drag the task under the right "
            "CSH task. No allocation: add it in Airtable or correct its dates. Several: name one in the board's "
            '*Allocation*. "Evidence could not be read": wait for the next run'
        ),
    ),
    Kind(
        "conflicting_evidence",
        WHOSE_IT_IS_AND_WHERE,
        Severity.LOW,
        Role.ENGINEER,
        "The issue names more than one community. The stronger evidence decided, or none did",
        "If it is right, take the other name out of the issue; else name the right community on the board",
    ),
    Kind(
        "placed_elsewhere",
        WHOSE_IT_IS_AND_WHERE,
        Severity.MEDIUM,
        Role.MANAGER,
        "A person placed the task under one CSH task, the issue or board names another",
        "Correct the issue, or move the task; until then the person's place counts",
    ),
    Kind(
        "undecided",
        WHOSE_IT_IS_AND_WHERE,
        Severity.MEDIUM,
        Role.ENGINEER,
        (
            "Nothing names the community of a known issue any more, or evidence could not be read, or its parent "
            "cannot be seen. Task and hours stay where they are"
        ),
        ("Name the community on GitHub, correct the place in Asana, or check the token's access, as the finding says"),
    ),
    Kind(
        "allocation_unknown",
        WHOSE_IT_IS_AND_WHERE,
        Severity.MEDIUM,
        Role.ENGINEER,
        "The board's *Allocation* names none that exists; other evidence decides",
        "Correct or empty it on the board",
    ),
    Kind(
        "csh_task_missing",
        WHOSE_IT_IS_AND_WHERE,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "An allocation's CSH task is missing, cannot be seen, or is one of several that fit. Tasks that "
            "belong there stay where they are, new ones wait in the home project. Once for each allocation; not where "
            "its engagement's place in Asana is what is missing, which tells the same"
        ),
        "Fill in the allocation's *Asana task*, or put the engagement back into the portfolio",
    ),
    Kind(
        "too_deep",
        WHOSE_IT_IS_AND_WHERE,
        Severity.LOW,
        Role.ENGINEER,
        (
            "Deeper than the five levels of sub-tasks that Asana has: it hangs under the deepest possible "
            "ancestor and its description names the rest"
        ),
        "Nothing",
    ),
    Kind(
        "full_of_sub_issues",
        WHOSE_IT_IS_AND_WHERE,
        Severity.LOW,
        Role.ENGINEER,
        "An issue has 90 sub-issues or more, closed ones included; GitHub takes 100",
        "Put further work below another issue, or below one of its sub-issues",
    ),
    Kind(
        "address_elsewhere",
        WHOSE_IT_IS_AND_WHERE,
        Severity.LOW,
        Role.MANAGER,
        "A hand-made task outside the home project carries an issue's address. It is not written to",
        "Clear the address on it",
    ),
    Kind(
        "alias_common_word",
        WHOSE_IT_IS_AND_WHERE,
        Severity.LOW,
        Role.MANAGER,
        (
            "An alias of a community is an everyday word, such as *hub* or *data*, or three issues of others say it in "
            "their titles: other people's work may be taken for theirs"
        ),
        "Replace it in *Aliases* by a name that nothing else has",
    ),
    Kind(
        "alias_suggested",
        WHOSE_IT_IS_AND_WHERE,
        Severity.LOW,
        Role.MANAGER,
        (
            "People placed two or more issues whose titles have one head (`[Coral Cam] …`, `Coral Cam: …`) by hand "
            "under one community, and that head names none yet"
        ),
        "Add the head to *Aliases* of the community, so that the next issues find their place by themselves",
    ),
    Kind(
        "person_unmapped",
        WHOSE_IT_IS_AND_WHERE,
        Severity.LOW,
        Role.OPERATOR,
        "Somebody is assigned on GitHub and nobody in the Asana workspace is known to be them",
        "Add them to `[[people]]` in [the settings file](settings.md#the-settings-file), or their GitHub login and "
        "e-mail to *Contacts* in Airtable",
    ),
    Kind(
        "not_on_board",
        HOURS,
        Severity.MEDIUM,
        Role.ENGINEER,
        "The issue is not on the board: its hours are unknown, not zero",
        "Add it to the board and fill in its hours",
    ),
    Kind(
        "hours_unknown",
        HOURS,
        Severity.MEDIUM,
        Role.OPERATOR,
        "Its hours could not be read. Nothing of it moves or shrinks",
        "See what could not be read, above the findings",
    ),
    Kind(
        "hours_absurd",
        HOURS,
        Severity.HIGH,
        Role.ENGINEER,
        "The hours are negative, not a number, or above `CSH_GITHUB__MAX_HOURS`. Its rows stay as they are",
        "Correct the hours on the board",
    ),
    Kind(
        "logged_in_both",
        HOURS,
        Severity.MEDIUM,
        Role.ENGINEER,
        "A task has `GitHub Hours` and `Actual time`. Both count; they may be the same work",
        "Keep the time in one place",
    ),
    Kind(
        "completed_without_time",
        HOURS,
        Severity.LOW,
        Role.ENGINEER,
        (
            "Work was completed, one day has passed (`CSH_FINDINGS__COMPLETED_DAYS`), and no hours are logged. The "
            "finding may suggest an estimate, from the text or similar work; it is written nowhere"
        ),
        "Log the hours of all people together, with preparation and follow-up",
    ),
    Kind(
        "not_logged_in_time",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "A person's completed work has no hours after two weeks (`CSH_FINDINGS__UNLOGGED_DAYS`): one list for each "
            "person, in place of the findings above, with an estimate where there is one. Work that is open owes no "
            "hours, nor does an iteration without an issue"
        ),
        "Ask the person to log the hours, or fill in an estimate for them",
    ),
    Kind(
        "hours_on_open_untouched",
        HOURS,
        Severity.LOW,
        Role.ENGINEER,
        "An open issue has hours and nobody touched it for `CSH_FINDINGS__UNTOUCHED_DAYS`: they may be an estimate",
        "Move an estimate to the board's *Estimate*; close the issue if it is done",
    ),
    Kind(
        "fewer_hours_than_people",
        HOURS,
        Severity.LOW,
        Role.ENGINEER,
        "Several people were in a meeting that is over, and fewer hours are logged than people, or than they spent",
        "Hours are per person: two people in one hour are two. Correct them, or leave them if fewer people came",
    ),
    Kind(
        "feature_work",
        HOURS,
        Severity.LOW,
        Role.LEAD,
        (
            "A label (`CSH_FINDINGS__FEATURE_LABELS`) or the title says that the issue is feature work, or its hours "
            "or estimate reach `CSH_FINDINGS__SECONDMENT_HOURS`: it may be another service's. What is sealed is settled"
        ),
        "Decide whether it stays, or belongs under a scope of work of its own, and tell who works on it",
    ),
    Kind(
        "new_kind_of_work",
        CONTRACTS,
        Severity.LOW,
        Role.LEAD,
        (
            "A project of an engagement that was won or is new describes work in words that nothing shares which is "
            "being delivered, nor anything the community had before ([capacity.md](capacity.md)). Words only suggest; "
            "a short description says too little, and once hours are logged nobody needs to ask"
        ),
        "Say whether the expertise is there, before it begins",
    ),
    Kind(
        "deliverable_late",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        "The board's *End date* of an open issue has passed",
        "Close the issue if it is done, or agree on a new *End date*",
    ),
    Kind(
        "look_alike_issues",
        HOURS,
        Severity.LOW,
        Role.ENGINEER,
        "Several issues of one community have the same title and day. Each has a task, and the hours of all count",
        "Close the further ones as duplicates, or tell them apart in their titles",
    ),
    Kind(
        "look_alike_pair",
        HOURS,
        Severity.MEDIUM,
        Role.ENGINEER,
        "An issue and a hand-made task with time are alike in community, day, person and words. Both count",
        "If they are one piece of work, keep the time in one place",
    ),
    Kind(
        "total_time_differs",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "Asana's `Total Time` of a task is neither `GitHub Hours` plus `Actual time` of the task, nor that of the "
            "tasks below it"
        ),
        "Correct the formula or rule that fills in `Total Time`",
    ),
    Kind(
        "totals_disagree",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "Sums in Airtable and Asana differ and no run brings them in line: a row typed into Activity by hand, a "
            "row whose Asana task was deleted or moved away, *Hours at sealing* overwritten, a person's formula in "
            "place of `Hours used` or `Hours left`. Each difference is one finding"
        ),
        "As the finding says: log the work where it counts, put the task back, correct the cell or the formula",
    ),
    Kind(
        "time_on_parent_and_child",
        HOURS,
        Severity.MEDIUM,
        Role.ENGINEER,
        (
            "Time is logged on a task and on a sub-task of it, and Asana's plan has no time entries; Asana may have "
            "added the one to the other"
        ),
        "Log it in one place, if so",
    ),
    Kind(
        "time_entries_differ",
        HOURS,
        Severity.MEDIUM,
        Role.OPERATOR,
        (
            "A task's time entries do not add up to its *Actual time*, and the time on its sub-tasks does not explain "
            "it. Fewer: nothing of it changes. More: the entries count"
        ),
        "See the next run; if it stays, look for an entry that csh-sync may not see",
    ),
    Kind(
        "time_unplaced",
        HOURS,
        Severity.HIGH,
        Role.MANAGER,
        "Time logged below a CSH task counts for no allocation: none or several hold its day",
        "Hang the task under the right CSH task, correct the entry's day, or the allocations' dates",
    ),
    Kind(
        "lowered_after_sealing",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        "Fewer hours are logged now than are sealed. The sealed ones stay",
        "If the lower number is right: tick *Reopen* on the allocation, let a run pass, untick it",
    ),
    Kind(
        "moved_after_sealing",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "An issue or task went over to another community after a period of its hours was sealed. The sealed hours "
            "stay, later ones go to the new community; the finding says what the correction would be"
        ),
        (
            "Agree on the correction in the next reports of both; or move the hours: tick *Reopen* on the sealed "
            "allocation, let a run pass, untick it"
        ),
    ),
    Kind(
        "placeholder_with_hours",
        HOURS,
        Severity.MEDIUM,
        Role.ENGINEER,
        "Hours stand on a [placeholder](hours.md#placeholders). They do not count: those of the issue it stands for do",
        "Log them on that issue unless they are there already, and empty `GitHub Hours` on the placeholder",
    ),
    Kind(
        "placeholder_unclear",
        HOURS,
        Severity.MEDIUM,
        Role.ENGINEER,
        (
            "A line `Mirrors: …` leads to no single issue that is mirrored: unknown, outside the organisation, a "
            "placeholder itself, or back to where it began. The issue counts on its own; where GitHub could not be "
            "read completely, nothing of its hours changes"
        ),
        "Correct the line, or take it out",
    ),
    Kind(
        "outside_its_period",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        ("A row's date is not in its allocation's period any more, and not exactly one other period can take it"),
        "Correct the dates of the allocations",
    ),
    Kind(
        "allocation_gone",
        HOURS,
        Severity.HIGH,
        Role.MANAGER,
        "Hours stand in an allocation that was deleted in Airtable",
        "Restore its record (Airtable keeps it for seven days), or move the hours by naming a place",
    ),
    Kind(
        "not_in_seal",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "A row stood in a sealed allocation that was sealed without it. It was emptied; its hours are counted"
            " where they belong now"
        ),
        "Nothing, unless it happens again",
        passing=True,
    ),
    Kind(
        "sealed_row_restored",
        HOURS,
        Severity.MEDIUM,
        Role.MANAGER,
        "A sealed row was edited or deleted by hand. It is written again",
        "To change sealed hours, tick *Reopen*",
        passing=True,
    ),
    Kind(
        "held_with_content",
        TASKS_AND_ROWS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "The issue was closed undelivered, lost its label or was deleted, but people added time, comments, "
            "attachments or sub-tasks to its task, or that could not be read. The task stays"
        ),
        "Delete the task by hand, reopen the issue, or put the label back",
    ),
    Kind(
        "held_with_hours",
        TASKS_AND_ROWS,
        Severity.MEDIUM,
        Role.MANAGER,
        "The issue lost its label or was deleted, but carries hours. It stays and they keep counting",
        "Put the label back, or delete the task by hand",
    ),
    Kind(
        "out_of_sight",
        TASKS_AND_ROWS,
        Severity.HIGH,
        Role.OPERATOR,
        (
            "A known issue cannot be seen and nothing proves that it left: 404, no access, the label renamed, "
            "lost in a transfer. Everything stays"
        ),
        "Check what the token may see, and the label",
    ),
    Kind(
        "deleted_twice",
        TASKS_AND_ROWS,
        Severity.LOW,
        Role.MANAGER,
        "A person deleted the task, it was made again, and was deleted again. It stays deleted",
        "To bring it back, empty *Restored* in its Activity rows",
    ),
    Kind(
        "task_unreadable",
        TASKS_AND_ROWS,
        Severity.MEDIUM,
        Role.OPERATOR,
        "A row names a task that Asana does not show",
        "Check the token's access to the task",
    ),
    Kind(
        "went_along",
        TASKS_AND_ROWS,
        Severity.HIGH,
        Role.MANAGER,
        "A CSH task was deleted by hand, and mirrored tasks below it went along. They are not made again. Once for "
        "each CSH task",
        ("Restore the CSH task from Asana's trash, or empty *Task* in their Activity rows to have them made again"),
    ),
    Kind(
        "task_converted",
        TASKS_AND_ROWS,
        Severity.LOW,
        Role.MANAGER,
        "The issue's task was turned into a milestone, an approval or a separator",
        "Make it a task again, or delete it: then a new one is made",
    ),
    Kind(
        "no_plain_task",
        TASKS_AND_ROWS,
        Severity.LOW,
        Role.MANAGER,
        "A milestone, approval or separator of the home project names an issue. It is not written to",
        "Clear the address on it",
    ),
    Kind(
        "twin_tasks",
        TASKS_AND_ROWS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "Several tasks of the home project name one issue. The one that people added to, else the known or oldest "
            "one is kept up to date; the next run removes one that carries nothing of people"
        ),
        "Keep what is needed of the others and delete them, or clear their `GitHub URL`, `GitHub ID` and source line",
    ),
    Kind(
        "field_changed",
        TASKS_AND_ROWS,
        Severity.HIGH,
        Role.OPERATOR,
        (
            "A field of Asana, a column of the board, or a table or column of Airtable is missing or of another type: "
            "renamed, retyped or deleted. One that is needed stops all writing until it is found again, and is told "
            "alone; without the board's hours no hours change, without its *Community* or *Allocation* no issue "
            "changes its place and new ones wait. One that may be missing is told only where another is "
            "so much like it that it was probably renamed (medium), and what would follow from its absence is not "
            "told. The finding names what is most like it"
        ),
        "Give it its name or type back, or set its new name in [the settings file](settings.md#the-settings-file)",
    ),
    Kind(
        "twin_rows",
        TASKS_AND_ROWS,
        Severity.MEDIUM,
        Role.OPERATOR,
        (
            "Several Activity rows carry one key, or a row with that key cannot be read. Nothing is written for "
            "that issue or task; the next run removes a younger row in which people wrote nothing"
        ),
        "Delete or correct the younger row",
    ),
    Kind(
        "over_cap",
        CONTRACTS,
        Severity.HIGH,
        Role.BUSINESS,
        "More hours were used in a period than were available, extra hours included. Work after that is counted",
        "Agree on extra hours, or stop; a period that has ended over its cap is told until it is sealed",
    ),
    Kind(
        "used_up",
        CONTRACTS,
        Severity.HIGH,
        Role.BUSINESS,
        "The hours available of a running period are used; agreed extra hours may be left",
        "Ask the community before more work is begun",
    ),
    Kind(
        "new_work_over_cap",
        CONTRACTS,
        Severity.LOW,
        Role.MANAGER,
        (
            "An issue came in when its period had no hours left, and nothing is logged on it yet. Its task carries a "
            "note that says so; nothing is written on the issue, and work is not held up"
        ),
        "Ask the community before it is begun, agree on extra hours, or plan it for the next period",
    ),
    Kind(
        "near_cap",
        CONTRACTS,
        Severity.MEDIUM,
        Role.MANAGER,
        "A running period has used 80 % of its hours, or reached another level of `CSH_THRESHOLDS__NEAR`",
        "Look at the open work before more is begun",
    ),
    Kind(
        "expiring_unused",
        CONTRACTS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "A period ends within two iterations of the board (without a calendar: "
            "`CSH_ENGAGEMENTS__EXPIRING_DAYS`), has hours left, and no open work counts for it"
        ),
        "Offer the hours that are left to the technical contact; they do not roll over",
    ),
    Kind(
        "under_pace",
        CONTRACTS,
        Severity.LOW,
        Role.MANAGER,
        "A running period is used slower than its working days go, beyond the pace band ([hours.md](hours.md))",
        "Plan work with the community, or ask whether it needs the hours later",
    ),
    Kind(
        "capacity_exceeded",
        CONTRACTS,
        Severity.MEDIUM,
        Role.LEAD,
        (
            "In this month or a later one more hours are promised than the capacity that the area lead set for the "
            "team ([capacity.md](capacity.md)); one finding for each team and month, none where no capacity is set"
        ),
        "Move or share out allocations, or raise the capacity; promise nothing more for that month",
    ),
    Kind(
        "work_outside_contract",
        CONTRACTS,
        Severity.HIGH,
        Role.BUSINESS,
        "Hours are dated before the first or after the last day of their engagement, and no other one covers them",
        "Agree on a renewal or extension and correct the dates, end the work, or correct the date on the board",
    ),
    Kind(
        "engagement_not_in_asana",
        CONTRACTS,
        Severity.HIGH,
        Role.MANAGER,
        "A running engagement has no *Asana project*, and none in Asana has its name",
        "Create its project, add it to the portfolio, and note its address in *Asana project*",
    ),
    Kind(
        "engagement_not_in_portfolio",
        CONTRACTS,
        Severity.MEDIUM,
        Role.MANAGER,
        "A running engagement names an Asana project that is neither in the portfolio nor among the engagements",
        "Add it to the portfolio, or correct the link",
    ),
    Kind(
        "engagement_without_csh_task",
        CONTRACTS,
        Severity.MEDIUM,
        Role.MANAGER,
        "A running engagement with allocations has its place in Asana, but no CSH task in it",
        "Create a CSH task for each allocation, with the allocation's dates",
    ),
    Kind(
        "renewal_due",
        CONTRACTS,
        Severity.MEDIUM,
        Role.BUSINESS,
        "A running engagement ends within 60 days (`CSH_ENGAGEMENTS__RENEWAL_DAYS`), and no later one is known",
        "Offer a renewal, or plan the hand-over",
    ),
    Kind(
        "engagement_status",
        CONTRACTS,
        Severity.MEDIUM,
        Role.MANAGER,
        (
            "By the rules in [contracts.md](contracts.md#the-status-of-an-engagement) an engagement should be Green, "
            "Yellow or Red, and its *Status* says another colour; one without a colour is contradicted by Red alone"
        ),
        "Set *Status*, or leave it: it is never written. The proposal stays beside it until the facts change",
    ),
    Kind(
        "handoff_incomplete",
        CONTRACTS,
        Severity.MEDIUM,
        Role.BUSINESS,
        (
            "An engagement that runs or was won lacks something: see [contracts.md](contracts.md). Once for each "
            "engagement; the engagement manager's when nothing is missing that was to come from the sale"
        ),
        "Fill in what is missing; set *Status* to Active when nothing is",
    ),
    Kind(
        "row_dates_swapped",
        CONTRACTS,
        Severity.HIGH,
        Role.MANAGER,
        "An engagement, project or allocation ends before it starts, so that it holds no day",
        "Correct its *Start* or *End*",
    ),
    Kind(
        "project_dates_outside",
        CONTRACTS,
        Severity.LOW,
        Role.MANAGER,
        "A project starts before, or ends after, its engagement",
        "Correct the dates of one of them",
    ),
    Kind(
        "shared_alias",
        CONTRACTS,
        Severity.MEDIUM,
        Role.MANAGER,
        "Two communities have one name or alias, so that it finds neither",
        "Leave it with one of them",
    ),
    Kind(
        "allocation_gap",
        CONTRACTS,
        Severity.HIGH,
        Role.MANAGER,
        (
            "No allocation holds days on which a project runs, now or within two iterations, though it has others. "
            "Work on them would wait"
        ),
        "Add the allocation (`csh-sync allocations --apply` does), or correct the dates of those beside it",
    ),
    Kind(
        "allocation_overlap",
        CONTRACTS,
        Severity.MEDIUM,
        Role.MANAGER,
        "Two allocations of one project share days that are not over: work on them waits. Whether they differ from "
        "the clause is told when they no longer do",
        "Correct the dates of one, or delete the one that is not meant",
    ),
    Kind(
        "allocation_differs",
        CONTRACTS,
        Severity.MEDIUM,
        Role.BUSINESS,
        (
            "An allocation that is not over has other hours, extra hours or days than its clause says "
            "([contracts.md](contracts.md#allocations-beside-clauses))"
        ),
        "Correct the allocation or the clause; if it was agreed so, accept the finding with that reason",
    ),
    Kind(
        "allocation_without_provider",
        CONTRACTS,
        Severity.MEDIUM,
        Role.LEAD,
        "Nobody is named to deliver an allocation that runs or begins within two iterations",
        "Name a person in *Provider*",
    ),
    Kind(
        "clause_unclear",
        CONTRACTS,
        Severity.MEDIUM,
        Role.BUSINESS,
        "A clause is too vague for its hours and periods to be told, and its allocations do not settle it",
        "Agree on it with who sold it and write it into the clause; `csh-sync clause` tries one",
    ),
    Kind(
        "hours_total_differs",
        CONTRACTS,
        Severity.MEDIUM,
        Role.MANAGER,
        "People's *Hours Total* of a CSH task in Asana is not what its allocations have available in Airtable",
        "Correct whichever is wrong: the clause decides",
    ),
    Kind(
        "allocation_not_planned",
        CONTRACTS,
        Severity.MEDIUM,
        Role.LEAD,
        (
            "An allocation starts within two iterations of the board and has no initiative, or the initiative is not "
            "on the board: see [initiatives.md](initiatives.md). Told until it starts; never where the board has no "
            "calendar that reaches to the start"
        ),
        "Create its initiative, put it on the board, note its address in *Initiative URL*",
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def page() -> str:
    """Return the page ``docs/findings.md``."""
    parts = [HEAD]
    for group in dict.fromkeys(kind.group for kind in KINDS):
        rows = [_row(kind) for kind in KINDS if kind.group == group]
        parts.append("\n".join((f"## {group}", "", TABLE_HEAD, *rows)) + "\n")
    return "\n".join(parts)


def _row(kind: Kind) -> str:
    return f"| `{kind.name}` | {kind.matter} | {kind.remedy} | {kind.severity.value} | {kind.role.value} |"
