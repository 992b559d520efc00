"""hours and explain ALLOCATION against the sandbox: what people read about hours, and where it comes from."""

import json
from datetime import date
from typing import Any

from click.testing import Result

from sandbox.core import Status
from tests.cli.conftest import Go
from tests.e2e.organisation import Organisation

CLAUSE = "Up to 10 hours / quarter by the Community Success team. Hours reset at the start of each calendar quarter."


def document(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_page_of_a_community_says_what_is_left_until_when_and_what_is_behind_it(go: Go, org: Organisation) -> None:
    org.github.add_field(org.board, "Estimate", "NUMBER")
    org.issue("Reef Watch: fix", hours=2.5)
    org.issue("Reef Watch: map", Estimate=1.5)
    call = org.asana.add_task("Call with the reef", parent=org.reef.csh["Q3"])
    org.asana.log_minutes(call, 45, date(2026, 8, 10))
    go("run")
    shown = go("hours", "rw")
    assert shown.exit_code == 0
    assert "Reef Watch: 4.75 of 8 h left until 30 Sep; 1.5 h planned (as of 10 Aug 09:00 UTC)" in shown.stdout
    assert "Hours as of 10 Aug 2026, 09:00 UTC" in shown.stdout
    assert "level      on pace" in shown.stdout
    assert "used       3.25 of 8 h (41 %)" in shown.stdout
    assert "period     42 % of its working days gone" in shown.stdout
    assert "forecast   7.67 h at the end, at the rate so far; 9.17 h with the planned work" in shown.stdout
    assert "planned    Reef Watch: map (acme/hub#2) 1.5 h" in shown.stdout
    assert "2.5 h  10 Aug 2026  Reef Watch: fix (acme/hub#1), nobody named  https://github.com/" in shown.stdout
    assert "0.75 h  10 Aug 2026  Call with the reef, " in shown.stdout
    assert f"/task/{call.gid}" in shown.stdout
    assert "Glacier" not in shown.stdout
    assert " 0 h" not in shown.stdout
    assert "differs" not in shown.stdout


def test_past_and_upcoming_allocations_are_shown_on_request_and_always_in_json(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: spring", hours=3, End_date="2026-05-20")
    go("run")
    shown = go("hours", "Reef Watch").stdout
    assert "Q2" not in shown
    assert "Not shown: 1 past and 1 upcoming allocation; --all shows them." in shown
    shown = go("hours", "Reef Watch", "--all").stdout
    assert "sealed     on 10 Aug 2026: these hours are final" in shown
    assert "completed  by date, 30 Jun 2026" in shown
    assert "Reef Watch: 8 of 8 h left until 31 Dec" in shown
    found = document(go("hours", "Reef Watch", "--json"))
    assert [(one["phase"], one["used_minutes"], one["sealed_on"]) for one in found["allocations"]] == [
        ("past", 180, "2026-08-10"),
        ("current", 0, None),
        ("upcoming", 0, None),
    ]
    table = go("hours").stdout
    assert "Hours as of 10 Aug 2026, 09:00 UTC" in table
    assert "Q3 2026" in table
    assert "Q2 2026" not in table
    assert "Q2 2026" in go("hours", "--all").stdout
    assert {one["used_minutes"] for one in document(go("hours", "--json"))["allocations"]} == {0, 180}


def test_a_community_without_a_current_allocation_is_not_forgotten(go: Go, org: Organisation) -> None:
    org.days_pass(-150)
    go("run")
    shown = go("hours").stdout
    assert "No allocation at present: Glacier Commons, Reef Watch." in shown
    assert "3 of" not in shown


def test_projects_of_one_community_are_shown_apart(go: Go, org: Organisation) -> None:
    add = org.airtable.add_row
    project = add("Projects", {"Name": "Atlas", "Engagement": [org.reef.engagement]})
    cells = {"Project": [project], "Start": "2026-08-01", "End": "2026-08-31", "Hours available": 4}
    add("Allocations", {"Name": "Atlas August", **cells})
    shown = go("hours", "Reef Watch").stdout.splitlines()
    atlas = shown.index("Reef Watch 2026 Membership / Atlas")
    support = shown.index("Reef Watch 2026 Membership / Reef Watch support")
    assert shown[atlas + 2].strip() == "Atlas August, 1 Aug 2026 to 31 Aug 2026"
    assert shown[support + 2].strip() == "Reef Watch Q3 2026, 1 Jul 2026 to 30 Sep 2026"
    found = document(go("hours", "Reef Watch", "--json"))["allocations"]
    assert {one["project"] for one in found} == {"Atlas", "Reef Watch support"}


def test_what_waits_for_an_allocation_is_not_forgotten(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: winter work", hours=1.5, End_date="2026-01-20")
    org.issue("Glacier Commons: winter work", hours=4, End_date="2026-01-20")
    shown = go("hours", "Reef Watch").stdout
    assert "Logged, and in no allocation yet: 1.5 h" in shown
    assert "1.5 h  20 Jan 2026  Reef Watch: winter work (acme/hub#1)" in shown
    assert "- waits: no allocation holds 2026-01-20" in shown
    assert [one["minutes"] for one in document(go("hours", "Reef Watch", "--json"))["waiting"]] == [90]


def test_an_issue_s_explanation_says_what_is_left_where_it_counts(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    told = go("explain", "acme/hub#1").stdout
    assert "  there      Reef Watch: 5.5 of 8 h left until 30 Sep (as of 10 Aug 09:00 UTC)" in told


def test_an_allocation_is_found_by_the_address_of_its_csh_task(go: Go, org: Organisation) -> None:
    url = f"https://app.asana.com/0/1/{org.reef.csh['Q3'].gid}"
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Asana task", url)
    assert go("explain", f"{url}/").stdout.startswith("Reef Watch / Reef Watch Q3 2026")


def test_extra_hours_are_a_second_bucket_and_overrun_is_named(go: Go, org: Organisation) -> None:
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Extra hours", 2)
    issue = org.issue("Reef Watch: fix", hours=9)
    go("run")
    shown = go("hours", "Reef Watch").stdout
    assert "Reef Watch: 0 of 8 h left until 30 Sep, 1 of 2 extra h left (as of" in shown
    assert "used       8 of 8 h, 1 of 2 extra h (112 %)" in shown
    org.log_hours(issue, 10.5)
    shown = go("hours", "Reef Watch").stdout
    assert "used       8 of 8 h, 2 of 2 extra h, 0.5 h over (131 %)" in shown
    assert "completed  by use, 10 Aug 2026" in shown


def test_an_unknown_community_gets_near_names_and_a_shared_alias_its_candidates(go: Go, org: Organisation) -> None:
    wrong = go("hours", "Reef")
    assert wrong.exit_code == 2
    assert "Did you mean Reef Watch?" in wrong.stderr
    org.airtable.edit_cell("Communities", org.glacier.record, "Aliases", "GC\nRW")
    shared = go("hours", "RW")
    assert shared.exit_code == 2
    assert "Give the name: Glacier Commons, Reef Watch." in shared.stderr
    assert go("hours", "Reef Watch").exit_code == 0


def test_figures_of_an_incomplete_reading_are_announced(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    go("run")
    for command in (("hours", "Reef Watch"), ("explain", "Reef Watch Q3 2026")):
        shown = go(*command, CSH_SENTINELS__TASK="4711")
        assert shown.exit_code == 4
        assert "Not all of Asana could be read: hours may be missing" in shown.stdout
        assert document(go(*command, "--json", CSH_SENTINELS__TASK="4711"))["complete"]["Asana"] is False


def test_it_tells_when_a_run_last_brought_the_base_up_to_date(go: Go, org: Organisation) -> None:
    assert "brought up to date" not in go("hours", "Reef Watch").stdout
    go("run")
    org.sandbox.clock.advance(hours=26)
    for command in (("hours",), ("hours", "Reef Watch")):
        assert "last brought up to date on 10 Aug 2026, 09:0" in go(*command).stdout
        assert "UTC, 1 d 1 h ago." in go(*command).stdout or "UTC, 1 d 2 h ago." in go(*command).stdout
    assert document(go("hours", "--json"))["last_success"].startswith("2026-08-10T09:0")
    org.airtable.rename_table("Runs", "Old runs")
    assert "brought up to date" not in go("hours").stdout
    assert document(go("hours", "--json"))["last_success"] is None


def test_an_allocation_that_could_not_be_read_is_not_said_to_be_none(go: Go, org: Organisation) -> None:
    allocation = org.reef.allocations["Q3"]
    org.airtable.edit_cell("Allocations", allocation, "Project", [org.reef.project, org.glacier.project])
    shown = go("explain", "Reef Watch Q3 2026")
    assert shown.exit_code == 2
    assert "Not all of Airtable could be read: it may be among that." in shown.stderr


def test_explain_lists_every_line_behind_a_total_and_the_clause(go: Go, org: Organisation) -> None:
    org.airtable.edit_cell("Projects", org.reef.project, "Clause", CLAUSE)
    term = {"Start": "2026-01-01", "End": "2026-12-31", "Status": "Active"}
    org.airtable.edit_cells("Engagements", org.reef.engagement, term)
    org.issue("Reef Watch: fix", hours=2.5, End_date="2026-08-01")
    call = org.asana.add_task("Call with the reef", parent=org.reef.csh["Q3"])
    org.asana.log_minutes(call, 45, date(2026, 8, 10))
    shown = go("explain", "Reef Watch Q3 2026").stdout
    assert "Airtable shows no Hours used yet" in shown
    assert "- new: the next run writes its row" in shown
    now = org.sandbox.clock.now().replace(microsecond=0)
    go("run")
    shown = go("explain", "reef watch q3 2026").stdout
    assert "2.5 h  1 Aug 2026   Reef Watch: fix (acme/hub#1), nobody named  https://github.com/acme/hub" in shown
    assert "- for Reef Watch, since its title begins with the name" in shown
    assert "- dated by the board's End date 2026-08-01" in shown
    assert "- logged in Asana on a task made by hand below the CSH task" in shown
    assert "total      3.25 h, 2 lines; not sealed yet" in shown
    assert 'read       10 h, from "10 hours" (characters 6 to 14)' in shown
    assert "By its clause: 8 h instead of 10 h." in shown
    assert "ask " not in shown.split("The cap:")[1]
    differing = [one for one in document(go("check", "--json"))["findings"] if one["kind"] == "allocation_differs"]
    evidence = {one["subject"]: one["evidence"] for one in differing}
    assert evidence["Reef Watch Q3 2026"].startswith("8 h instead of 10 h.")
    assert "Airtable shows" not in shown
    found = document(go("explain", org.reef.allocations["Q3"], "--json"))
    assert sum(one["minutes"] for one in found["entries"]) == found["total_minutes"] == found["airtable_minutes"] == 195
    assert found["clause"]["spans"]["minutes"] == {"start": 6, "end": 14, "text": "10 hours"}
    assert found["airtable_as_of"] == now.isoformat()


def test_explain_tells_rows_that_moved_since_and_who_overwrote_a_cell(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2.5)
    go("run")
    org.log_hours(issue, 4)
    shown = go("explain", "Reef Watch Q3 2026").stdout
    assert "- Activity still says 2.5 h; the next run writes 4 h" in shown
    assert "Airtable shows 2.5 h as Hours used, written 2026-08-10 09:00 UTC: 1 of the lines changed since;" in shown
    go("run")
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Hours used", 7)
    shown = go("explain", "Reef Watch Q3 2026").stdout
    assert "Airtable shows 7 h as Hours used" in shown
    assert "no run has written it, or somebody changed the cell; the next run writes it." in shown


def test_explain_tells_sealed_rows_from_live_ones(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring", hours=3, End_date="2026-05-20")
    go("run")
    org.log_hours(issue, 4.5)
    go("run")
    record = next(
        record
        for record, cells in org.airtable.rows("Activity").items()
        if cells["Key"].endswith(f"@{org.reef.allocations['Q2']}")
    )
    org.airtable.edit_cell("Activity", record, "Hours", 9)
    found = document(go("explain", "RW / Reef Watch Q2 2026", "--json"))
    assert [(one["minutes"], one["stored_minutes"], one["sealed"]) for one in found["entries"]] == [(180, 540, True)]
    assert "sealed on 2026-08-10; its row in Activity says 9 h, the seal decides" in found["entries"][0]["rules"]
    assert (found["total_minutes"], found["sealed_on"], found["differences"]) == (180, "2026-08-10", [])
    late = go("explain", "Reef Watch Q3 2026").stdout
    assert "- late: its own period was sealed before these hours were logged" in late


def test_an_allocation_is_told_apart_from_others_of_its_name(go: Go, org: Organisation) -> None:
    for community in (org.reef, org.glacier):
        org.airtable.edit_cell("Allocations", community.allocations["Q3"], "Name", "Q3 2026")
    shared = go("explain", "Q3 2026")
    assert shared.exit_code == 2
    for community in (org.reef, org.glacier):
        expected = f"{community.name} / Q3 2026, 2026-07-01 to 2026-09-30, {community.allocations['Q3']}"
        assert expected in shared.stderr
        assert go("explain", f"{community.name} / Q3 2026").exit_code == 0
        assert go("explain", community.allocations["Q3"]).stdout.startswith(f"{community.name} / Q3 2026")
    assert "Did you mean" in go("explain", "Reef Watch Q5").stderr
    assert 'csh-sync hours "RW" shows its allocations' in go("explain", "RW").stderr


def test_nothing_a_person_typed_reaches_the_terminal_as_code(go: Go, org: Organisation) -> None:
    org.airtable.edit_cell("Projects", org.reef.project, "Clause", "Up to \x1b[31m9 hours\x1b[0m a quarter")
    org.issue("Reef Watch: \x1b]0;title\x07 \u202efix", hours=1)
    for command in (("hours", "Reef Watch"), ("explain", "Reef Watch Q3 2026")):
        shown = go(*command).stdout
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_plan_tells_words_that_time_changed_in_one_line(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    go("run")
    org.days_pass(60)
    plan = go("plan").stdout
    assert "~ totals   4 allocations with another pace, forecast or status: Glacier Commons Q3 2026, " in plan
    assert "used 2.5" not in plan


def test_hours_and_explain_write_nothing(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    go("hours", "Reef Watch")
    go("explain", "Reef Watch Q3 2026")
    assert list(org.sandbox.log.writes()) == []


def test_explain_lists_every_time_entry_behind_a_task(go: Go, org: Organisation) -> None:
    ben = org.asana.add_user("Ben [red]", "ben@example.org")
    call = org.asana.add_task("Call with the reef", parent=org.reef.csh["Q3"])
    org.asana.log_minutes(call, 45, date(2026, 8, 3), by=org.ana)
    org.asana.log_minutes(call, 30, date(2026, 8, 5), by=ben)
    org.asana.log_minutes(call, 60, date(2026, 5, 5), by=ben)
    shown = [line.strip() for line in go("explain", "Reef Watch Q3 2026").stdout.splitlines()]
    assert "0.75 h  3 Aug 2026, Ana" in shown
    assert "0.5 h  5 Aug 2026, Ben [red]" in shown
    assert not any("5 May" in line for line in shown)
    [line] = document(go("explain", "Reef Watch Q3 2026", "--json"))["entries"]
    assert line["entries"] == [
        {"person": "Ana", "day": "2026-08-03", "minutes": 45},
        {"person": "Ben [red]", "day": "2026-08-05", "minutes": 30},
    ]
    assert sum(one["minutes"] for one in line["entries"]) == line["minutes"]


def test_explain_has_no_entries_where_the_plan_has_none(go: Go, org: Organisation) -> None:
    call = org.asana.add_task("Call with the reef", parent=org.reef.csh["Q3"])
    org.asana.log_minutes(call, 45, date(2026, 8, 3), by=org.ana)
    refusal = Status(402, {"errors": [{"message": "Payment Required"}]})
    org.sandbox.faults.add(refusal, service="asana", path="time_tracking_entries")
    [line] = document(go("explain", "Reef Watch Q3 2026", "--json"))["entries"]
    assert (line["minutes"], line["entries"]) == (45, [])


def test_hours_are_added_up_by_the_kind_of_action_that_labels_say(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2, labels=("CSH", "action: operations"))
    org.issue("Reef Watch: talk", hours=0.5)
    assert "actions    operations 2 h, not said 0.5 h" in go("hours", "Reef Watch").stdout
    assert "actions" not in go("hours", "Glacier Commons").stdout
    found = document(go("explain", "Reef Watch Q3 2026", "--json"))["entries"]
    assert {one["title"]: one["action"] for one in found} == {"Reef Watch: fix": "operations", "Reef Watch: talk": ""}
