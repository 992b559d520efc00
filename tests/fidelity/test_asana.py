"""What the product asks Asana, and what the played Asana answers, held against Asana's own description of its API.

The description itself lies beside the repository, where it is at hand; names and types of what is played here stand in
`asana.json`, so that the rest is held everywhere.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import connectors
from tests.cli.test_adopt import Old
from tests.cli.test_commands import Go, go, org
from tests.cli.test_init import UNSET, fresh
from tests.e2e.organisation import Organisation
from tests.fidelity.checking import described, operation_of, untrue_answer, wrong_request
from tests.fidelity.description import EXTRACT, PUBLISHED, extracted, played

__all__ = ["fresh", "go", "org"]

CALLED = re.compile(r'"\w+Api\.(\w+)"')


def test_the_extract_is_what_the_description_says() -> None:
    if not PUBLISHED.exists():
        pytest.skip("Asana's description is not beside the repository (../shared/specs/asana_oas.yaml)")
    assert extracted() == EXTRACT.read_text("utf-8"), "python -m tests.fidelity.description writes it anew"


def test_everything_that_is_played_is_described() -> None:
    assert {f"{method} {path}" for method, path in played()} == set(described()["operations"])


def methods_called() -> set[str]:
    """Return the methods of the SDK that the product names, as the description spells operations."""
    sources = (path.read_text("utf-8") for path in Path(connectors.__file__).parent.glob("asana*.py"))
    return {name.replace("_", "") for text in sources for name in CALLED.findall(text)}


def test_the_whole_life_of_a_mirror_asks_and_is_answered_as_described(go: Go, fresh: Organisation) -> None:
    fresh.sandbox.log.keeps_answers = True

    def done(*arguments: str, answer: str | None = None, code: int = 0) -> None:
        result = go(*arguments, answer=answer, **UNSET, CSH_RUN__STATE_FILE="state.sqlite")
        assert result.exit_code == code, result.output

    # Set up.
    done("init", "--yes", "--label", "all", answer=f"new\n{fresh.portfolio.gid}\n{fresh.engagements_project.gid}\n")
    (home,) = (one for one in fresh.asana.projects.values() if one.name == "Mirrored GitHub issues" and not one.deleted)
    add = fresh.airtable.add_row
    reef = add("Communities", {"Name": "Reef Watch"})
    engagement = add("Engagements", {"Name": "Reef Watch 2026 Membership", "Community": [reef]})
    clause = "Up to 8 hours per quarter."
    project = add("Projects", {"Name": "Reef Watch support", "Engagement": [engagement], "Clause": clause})
    days = {"Start": "2026-07-01", "End": "2026-09-30", "Hours available": 8}
    add("Allocations", {"Name": "Reef Watch Q3 2026", "Project": [project], **days})
    # Mirror, with people's time, a comment and a file on the tasks.
    issues = [fresh.issue(f"Reef Watch: fix {number}", "text " * number, hours=number) for number in range(1, 5)]
    child = fresh.issue("part", parent=issues[0], hours=1)
    done("run", "--record", "run.json")
    tasks = {task.name: task for task in fresh.asana.tasks_in(home)}
    work = fresh.asana.add_task("by hand", parent=fresh.reef.csh["Q3"])
    fresh.asana.log_minutes(work, 30, fresh.sandbox.clock.now().date())
    fresh.asana.comment_on(tasks[issues[1].title], "seen")
    fresh.asana.attach_file(tasks[issues[2].title], "plan.pdf", size=9)
    fresh.github.edit(issues[0], title="Reef Watch: mended", body="other words")
    fresh.github.close(issues[3], "completed")
    for one in issues[1:3]:
        fresh.github.close(one, "not_planned")
    fresh.github.close(child, "not_planned")
    done("run")
    fresh.asana.remove_task_from_project(tasks[issues[3].title], home)
    done("run", "--full")
    # Take over, take back, look.
    old = Old(fresh)
    old.task(fresh.issue("Reef Watch: old", hours=2), project=old.elsewhere)
    done("adopt", "--yes", "--project", old.elsewhere.gid, "--record", "adopted.json")
    done("undo", "adopted.json", "--yes")
    done("allocations", "--apply", "--yes")
    done("init", "--no-input", "--yes")
    done("doctor")

    seen = fresh.sandbox.log.select("asana")
    assert sorted({problem for one in seen for problem in (*wrong_request(one), *untrue_answer(one))}) == []
    ids = {name: one["id"].casefold() for name, one in described()["operations"].items()}
    assert methods_called()
    assert methods_called() - {ids.get(operation_of(one.method, one.path), "") for one in seen} == set()
