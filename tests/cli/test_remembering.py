"""What a person reads of runs that remember."""

import json
import sqlite3
from pathlib import Path

from tests.cli.conftest import Go
from tests.e2e.organisation import Organisation


def test_a_run_for_which_nothing_moved_says_so_and_counts_nothing(go: Go, org: Organisation, tmp_path: Path) -> None:
    org.issue("Reef Watch: fix", hours=1)
    org.issue("Nobody knows whose", hours=1)
    outputs = tmp_path / "outputs"
    more = {"CSH_RUN__STATE_FILE": "state.sqlite", "GITHUB_OUTPUT": str(outputs)}
    for _ in range(2):
        assert "To look at (" in go("run", **more).stdout
        org.sandbox.clock.advance(minutes=15)
    outputs.unlink()
    quiet = go("run", **more)
    assert quiet.exit_code == 0
    assert quiet.stdout == "Nothing moved since the last run, which left nothing to do. 0 changes written.\n"
    assert "findings" not in outputs.read_text(encoding="utf-8")
    assert json.loads(go("run", "--json", **more).stdout)["nothing_moved"] is True
    assert json.loads(go("run", "--json", "--full", **more).stdout)["nothing_moved"] is False


def test_a_state_file_that_is_somebody_elses_is_told_and_stays(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=1)
    Path("notes.md").write_text("precious", encoding="utf-8")
    result = go("run", CSH_RUN__STATE_FILE="notes.md")
    assert result.exit_code == 0
    assert "not written by csh-sync" in result.stderr
    assert Path("notes.md").read_text(encoding="utf-8") == "precious"


DAMAGED = "UPDATE answers SET body = '\"elsewhere\"' WHERE shelf = 'Asana' AND kind = 'holder'"


def test_what_asana_took_is_done_when_the_memory_of_it_turns_out_to_be_damaged(go: Go, org: Organisation) -> None:
    state = {"CSH_RUN__STATE_FILE": "state.sqlite"}
    org.issue("Reef Watch: fix", hours=1)
    for _ in range(3):
        assert go("run", **state).exit_code == 0
        org.sandbox.clock.advance(minutes=15)
    with sqlite3.connect("state.sqlite") as connection:
        assert connection.execute(DAMAGED).rowcount
    connection.close()
    issue = org.issue("Reef Watch: improve", hours=2)
    result = go("run", "--record", "record.json", **state)
    assert result.exit_code == 0, result.output
    [told] = [line for line in result.stderr.splitlines() if "is not usable" in line]
    assert "the answer holder" in told
    assert "Everything is read." in told
    record = json.loads(Path("record.json").read_text("utf-8"))
    assert {one["result"] for one in record["outcomes"]} == {"done"}
    [placed] = [one for one in record["outcomes"] if one["change"]["change"] == "PlaceTask"]
    assert placed["gid"] == org.task(issue).gid
    assert org.task(issue).parent is org.reef.csh["Q3"]
    org.sandbox.clock.advance(minutes=15)
    mark = org.sandbox.log.mark()
    again = go("run", **state)
    assert again.exit_code == 0
    assert "not usable" not in again.stderr
    requests = list(org.sandbox.log.select(since=mark))
    assert any(one.operation == "LabelledIssues" for one in requests), "everything is read"
    assert not [one for one in requests if one.is_write and one.service == "asana"]
