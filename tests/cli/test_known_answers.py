"""csh-sync check on worlds with a known answer: exactly what is right, and nothing on a large sound organisation."""

import json
from datetime import date, timedelta
from typing import Any

from tests.cli.conftest import Go
from tests.e2e.organisation import Q2, Q3, Q4, Community, Organisation

JULY = date(2026, 7, 6)
QUARTERS = (("Q2", Q2), ("Q3", Q3), ("Q4", Q4))
PEOPLE = ("ana", "ben", "cy")


def complete(org: Organisation, place: Community) -> None:
    """Fill in all that a complete hand-off has."""
    edit, add = org.airtable.edit_cells, org.airtable.add_row
    term = {"Start": "2026-04-01", "End": "2026-12-31"}
    title = {"Description": "Membership\n\nHelp with the hub."}
    signed = {"Agreement URL": "https://files.example.org/agreement.pdf", "Status": "Green"}
    edit("Engagements", place.engagement, term | title | signed)
    edit("Projects", place.project, term | title | {"Clause": "Up to 8 hours / calendar quarter by the P&S team"})
    for quarter, record in place.allocations.items():
        csh = f"https://app.asana.com/0/0/{place.csh[quarter].gid}"
        edit("Allocations", record, {"Provider": "Ana", "Asana task": csh, "Initiative URL": "https://example.org/1"})
    for role, login in (("Technical", "tessa"), ("Administrative", "")):
        add("Contacts", {"Name": f"{role} one", "Role": role, "GitHub": login, "Community": [place.record]})


def done(org: Organisation, title: str, hours: float, who: str = "ana", day: date = JULY) -> Any:
    issue = org.issue(title, hours=hours, End_date=day.isoformat())
    org.github.assign(issue, who)
    org.github.close(issue)
    return issue


def kinds(go: Go) -> list[str]:
    result = go("check", "--json")
    assert result.exit_code == 0, result.stderr
    return sorted(one["kind"] for one in json.loads(result.stdout)["findings"])


def sound(org: Organisation) -> Any:
    """Make the small organisation complete; return an issue of its."""
    complete(org, org.reef)
    complete(org, org.glacier)
    done(org, "Glacier Commons: bigger disks", 4)
    for name in ("Reef Watch", "Glacier Commons"):
        org.github.assign(org.issue(f"{name}: plans for autumn"), "ana")
    return done(org, "Reef Watch: slow logins", 4)


def test_a_large_sound_organisation_has_nothing_to_look_at(go: Go, org: Organisation) -> None:
    sound(org)
    for login in PEOPLE[1:]:
        org.github.add_user(login, email=f"{login}@example.org")
        org.asana.add_user(login.title(), f"{login}@example.org")
    for number, name in enumerate(
        ("Kelp Lab", "Tide Atlas", "Dune Archive", "Fjord Models", "Krill Count", "Moss Map")
    ):
        place = org.add_community(name, f"{name} hub", 200 + number, as_task=number % 2 == 0, quarters=QUARTERS)
        complete(org, place)
        for day, who in enumerate(PEOPLE):
            done(org, f"{name}: task {number}-{who}", 1.25, who, JULY + timedelta(days=3 * day))
        org.github.assign(org.issue(f"[{name}] Wishes for autumn"), PEOPLE[number % 3])
        letter = org.asana.add_task(
            f"Letter to {name}", parent=place.csh["Q3"], assignee=org.ana, completed=True, due_on=JULY
        )
        org.asana.log_minutes(letter, 45, JULY + timedelta(days=20), by=org.ana)
    assert kinds(go) == []
    assert go("run").exit_code == 0
    assert kinds(go) == []
    assert "Nothing to look at." in go("check").stdout


def test_hours_nobody_can_mean(go: Go, org: Organisation) -> None:
    issue = sound(org)
    org.log_hours(org.issue("Reef Watch: odd"), -1)
    assert kinds(go) == ["hours_absurd"]
    org.log_hours(org.github.issue("hub", issue.number + 1), 0.5)
    assert kinds(go) == []


def test_a_hand_made_task_without_time(go: Go, org: Organisation) -> None:
    sound(org)
    task = org.asana.add_task("Letter", parent=org.reef.csh["Q3"], assignee=org.ana, completed=True)
    org.days_pass(1)
    assert kinds(go) == []
    org.days_pass(1)
    assert kinds(go) == ["completed_without_time"]
    assert "completed_without_time: Letter (Reef Watch), Ana" in go("check").stdout
    org.asana.log_minutes(task, 30, date(2026, 8, 10), by=org.ana)
    assert kinds(go) == []


def test_an_engagement_out_of_the_portfolio_is_told_with_what_stays(go: Go, org: Organisation) -> None:
    issue = sound(org)
    go("run")
    org.asana.remove_from_portfolio(org.portfolio, org.reef.asana_project)
    assert kinds(go) == ["engagement_not_in_portfolio"]
    assert f"acme/hub#{issue.number} stay where they are" in go("check").stdout
    org.asana.add_to_portfolio(org.portfolio, org.reef.asana_project)
    assert kinds(go) == []


def test_a_deleted_csh_task_is_one_finding(go: Go, org: Organisation) -> None:
    sound(org)
    go("run")
    org.asana.delete_task(org.reef.csh["Q3"], by=org.ana)
    assert kinds(go) == ["went_along"]
    assert "The CSH task of Reef Watch Q3 2026" in go("check").stdout
    org.asana.restore_task(org.reef.csh["Q3"])
    assert kinds(go) == []
