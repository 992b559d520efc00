"""The law of `undo`: a run and its undoing leave the world as it was; a further run ends where the first one did."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandbox import Sandbox
from sandbox.core import Status
from sync.cli import main
from tests.e2e.organisation import START
from tests.e2e.test_remembering_law import PEOPLE, Act, Story

EXAMPLES = int(os.environ.get("CSH_TEST_LAW_EXAMPLES", "5"))
STORIES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES <= 5,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # a story takes seconds: a smaller one is not worth minutes
)
SETTINGS = {"CSH_BACKLINKS__ENABLED": "true", "CSH_BACKLINKS__PUBLIC": "true"}
MOMENTS = frozenset({"Synced at", "As of"})

LISTED = ("what was told stays told, and so do its rows in Alerts",)

acts = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 30)), max_size=4)


@contextmanager
def world() -> Iterator[tuple[Story, Path]]:
    with TemporaryDirectory() as folder, Sandbox(start=START) as sandbox:
        story = Story(sandbox)
        org = story.org
        for name in ("Hours used", "Hours left"):
            field = org.asana.add_field(name, "number", precision=2)
            for place in (org.reef.asana_project, org.engagements_project):
                org.asana.add_field_to_project(place, field)
        yield story, Path(folder)


def command(story: Story, *arguments: str, codes: tuple[int, ...] = (0,)) -> Any:
    others = {name: None for name in os.environ if name.startswith(("CSH_", "GITHUB_")) or name == "CI"}
    result = CliRunner().invoke(main, arguments, env={**others, **story.org.settings(**SETTINGS)})
    assert result.exit_code in codes, result.output
    return result


def standing(story: Story) -> dict[str, Any]:
    """Return all that runs write, in words that do not depend on gids: moments aside."""
    org = story.org
    names = {gid: str(org.asana.field_value(task, org.url_field) or gid) for gid, task in org.asana.tasks.items()}
    tasks = {
        names[gid]: {
            "name": task.name,
            "notes": task.rich.text,
            "completed": task.completed_at is not None,
            "parent": names[task.parent.gid] if task.parent else "",
            "home": org.home in task.projects,
            "values": {field: value for field, value in sorted(task.values.items()) if value is not None},
        }
        for gid, task in org.asana.tasks.items()
        if task.trashed is None
    }
    rows = {
        cells["Key"]: {name: names.get(str(value), value) for name, value in cells.items() if name not in MOMENTS}
        for cells in org.airtable.rows("Activity").values()
    }
    comments = {
        org.url(issue): [names.get(one.body.rpartition("/")[2].rstrip(")."), one.body) for one in issue.comments]
        for issue in story.issues
    }
    return {"tasks": tasks, "rows": rows, "comments": comments} | {
        name: {record: _still(cells) for record, cells in org.airtable.rows(name).items()}
        for name in ("Allocations", "Engagements")
    }


def _still(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in cells.items() if name not in MOMENTS and value is not None}


def moved(before: Any, after: Any, path: str = "") -> list[str]:
    """Return where two standings differ, in words."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = sorted({**before, **after}, key=str)
        return [one for name in names for one in moved(before.get(name), after.get(name), f"{path}/{name}")]
    return [] if before == after else [f"{path}: {before!r} -> {after!r}"]


def undo(story: Story, record: Path, again: Path) -> list[str]:
    """Take a run back; return why something stays."""
    answer = command(story, "undo", str(record), "--yes", "--json", "--record", str(again)).stdout
    return [one["why"] for one in json.loads(answer)["not_undone"]]


@STORIES
@given(earlier=acts, later=acts, days=st.sampled_from((0, 1, 70)), undone=st.booleans())
def test_a_run_can_be_taken_back_and_done_again(
    earlier: list[tuple[Act, int]], later: list[tuple[Act, int]], days: int, undone: bool
) -> None:
    with world() as (story, folder):
        for act, number in earlier:
            act(story, number)
        if earlier:
            command(story, "run")
        for act, number in later:
            act(story, number)
        story.org.sandbox.clock.advance(days=days)
        before = standing(story)
        command(story, "run", "--record", str(folder / "run.json"))
        after = standing(story)
        stays = undo(story, folder / "run.json", folder / "undo.json")
        assert [one for one in stays if one not in LISTED] == []
        assert moved(before, standing(story)) == []
        if undone and (folder / "undo.json").exists():  # a run that had nothing to write leaves nothing to take back
            undo(story, folder / "undo.json", folder / "again.json")
            assert moved(after, standing(story)) == []
        command(story, "run")
        assert moved(after, standing(story)) == []


@STORIES
@given(
    earlier=acts,
    later=acts,
    service=st.sampled_from(("asana", "airtable", "github")),
    number=st.integers(1, 8),
)
def test_an_undoing_that_broke_off_needs_no_more_than_a_run(
    earlier: list[tuple[Act, int]], later: list[tuple[Act, int]], service: str, number: int
) -> None:
    with world() as (story, folder):
        for act, value in earlier:
            act(story, value)
        if earlier:
            command(story, "run")
        for act, value in later:
            act(story, value)
        command(story, "run", "--record", str(folder / "run.json"))
        after = standing(story)
        runs = story.org.airtable.table_id("Runs")
        story.org.sandbox.faults.add(
            Status(401, {}), service=service, is_write=True, path=f"^(?!.*{runs})", nth=number, times=1000
        )
        command(story, "undo", str(folder / "run.json"), "--yes", "--record", str(folder / "undo.json"), codes=(0, 4))
        story.org.sandbox.faults.clear()
        command(story, "run")
        assert moved(after, standing(story)) == []
