"""What a person reads of runs that remember."""

import json
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
