"""What run tells and where: the file of --digest, the job's page, Slack; the first channel decides."""

import json
from pathlib import Path

from sandbox.slack.service import Refusal
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]
NO_SLACK = {"CSH_SLACK__WEBHOOK_URL": ""}
DIGEST = Path("digest.md")


def odd(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=-3)


def states(org: Organisation) -> set[object]:
    return {cells.get("Told") is not None for cells in org.airtable.rows("Alerts").values()}


def test_the_file_has_what_is_told_and_the_next_one_says_that_nothing_is_new(go: Go, org: Organisation) -> None:
    odd(org)
    result = go("run", "--digest", str(DIGEST))
    assert result.exit_code == 0
    assert "Told the engineer: 1 new (1 high)." in result.stdout
    text = DIGEST.read_text(encoding="utf-8")
    assert "## For the engineer" in text
    assert "acme/hub" in text
    assert len(org.sandbox.slack.posts) == text.count("## For the ")
    go("run", "--digest", str(DIGEST))
    assert "Nothing new." in DIGEST.read_text(encoding="utf-8")


def test_without_slack_the_file_is_where_people_are_told(go: Go, org: Organisation) -> None:
    odd(org)
    assert go("run", **NO_SLACK).exit_code == 0
    assert states(org) == {False}
    assert go("run", "--digest", str(DIGEST), **NO_SLACK).exit_code == 0
    assert states(org) == {True}
    assert "## For the engineer" in DIGEST.read_text(encoding="utf-8")
    assert org.sandbox.slack.posts == ()


def test_a_file_that_cannot_be_written_stops_the_run_before_it_begins(go: Go, org: Organisation) -> None:
    result = go("run", "--digest", "nowhere/digest.md")
    assert result.exit_code == 1
    assert "nowhere/digest.md could not be written" in result.stderr
    assert org.sandbox.log.count() == 0


def test_what_slack_refuses_is_told_there_later_whatever_the_file_got(go: Go, org: Organisation) -> None:
    odd(org)
    org.sandbox.slack.channel().refusal = Refusal.NO_SERVICE
    result = go("run", "--digest", str(DIGEST), "--record", "record.json")
    assert result.exit_code == 1
    assert "Warning: The engineer was not told: Slack" in result.stderr
    assert "## For the engineer" in DIGEST.read_text(encoding="utf-8")
    record = json.loads(Path("record.json").read_text(encoding="utf-8"))
    assert (record["told"], record["undelivered"] > 0) == ([], True)
    org.sandbox.slack.channel().refusal = None
    result = go("run", "--json")
    told = {one["role"]: one for one in json.loads(result.stdout)["told"]}
    assert told["engineer"]["opened"][0].startswith("hours_absurd|")
    assert any("-3" in post.shown.text for post in org.sandbox.slack.posts)


def test_on_github_the_page_of_the_job_has_it_and_is_a_channel_where_there_is_no_other(
    go: Go, org: Organisation
) -> None:
    odd(org)
    page = {"GITHUB_STEP_SUMMARY": str(Path("page.md").resolve()), "GITHUB_ACTIONS": "true"}
    result = go("run", **NO_SLACK, **page)
    assert "## For the engineer" in Path("page.md").read_text(encoding="utf-8")
    assert "::warning" in result.stderr
    assert states(org) == {True}


def test_apply_tells_too_and_plan_does_not(go: Go, org: Organisation) -> None:
    odd(org)
    go("plan")
    assert org.sandbox.slack.posts == ()
    result = go("apply", "--yes")
    assert "Told the engineer" in result.stdout
    assert org.sandbox.slack.posts


def test_each_role_is_told_where_it_is_routed_to(go: Go, org: Organisation) -> None:
    odd(org)
    Path("csh-sync.toml").write_text('[routing]\nengineer = ["file"]\nmanager = []\n', encoding="utf-8")
    assert go("run", "--digest", str(DIGEST)).exit_code == 0
    assert "## For the engineer" in DIGEST.read_text(encoding="utf-8")
    assert not any("engineer" in post.shown.text for post in org.sandbox.slack.posts)
    rows = org.airtable.rows("Alerts").values()
    told = {(row["Role"], row.get("Told") is not None) for row in rows}
    assert ("engineer", True) in told
    assert ("engagement manager", False) in told
    assert ("engagement manager", True) not in told
    Path("csh-sync.toml").unlink()
    assert "Told the engagement manager" in go("run").stdout


def test_a_channel_that_does_not_exist_is_told(go: Go) -> None:
    result = go("run", CSH_ROUTING__LEAD="pigeon")
    assert result.exit_code == 2
    assert "CSH_ROUTING__LEAD" in result.stderr


def test_an_organisation_says_in_its_own_words_who_acts_and_what_to_do(go: Go, org: Organisation) -> None:
    odd(org)
    words = '[kinds.hours_absurd]\nrole = "lead"\nseverity = "low"\nremedy = "Ask in the weekly call."\n'
    Path("csh-sync.toml").write_text(words, encoding="utf-8")
    assert "Told the area lead" in go("run").stdout
    (row,) = [row for row in org.airtable.rows("Alerts").values() if row["Kind"] == "hours_absurd"]
    assert (row["Role"], row["Severity"], row["Remedy"]) == ("area lead", "low", "Ask in the weekly call.")
