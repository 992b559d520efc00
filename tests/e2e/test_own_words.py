"""Words of an organisation's own, in Asana, on GitHub, in Slack and in files: nothing is lost or doubled by them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mappings.task import NO_HOURS_LEFT
from sandbox.core import Status
from sync.model.change import UpdateTask
from tests.cli.conftest import Go, go
from tests.e2e.organisation import Organisation

__all__ = ["go"]

LINE = "CSH_WORDING__SOURCE_LINE"
NOTE = "CSH_WORDING__NO_HOURS_LEFT"
FIRST = {LINE: "Aus {issue} gespiegelt; bitte nur dort ändern & <b>nicht</b> hier.", NOTE: "Keine Stunden mehr!"}
SECOND = {LINE: "Gespiegelt: {issue}", NOTE: "Erst fragen: *keine* Stunden."}
USUAL = {LINE: "", NOTE: ""}


@pytest.fixture
def spent(org: Organisation) -> Organisation:
    """All eight hours of the quarter are used, and were so before the next run."""
    org.issue("Reef Watch: fix", "A **bold** word.", hours=8)
    org.sync()
    return org


def last_line(task: Any) -> str:
    return str(task.rich.text.splitlines()[-1])


def edits(report: Any) -> list[str]:
    """Return the subjects of tasks of which the run says that somebody's edit of the description was lost."""
    return [
        change.about.subject
        for change in (one.change for one in report.outcomes)
        if isinstance(change, UpdateTask)
        and any(one.edited_in_asana for one in change.changes if one.name == "description")
    ]


def test_words_change_as_often_as_people_like_and_every_task_stays_the_one_it_was(spent: Organisation) -> None:
    org = spent
    issue = org.issue("Reef Watch: one more thing", "Please.", parent=None)
    org.sync()
    gids = set(org.asana.tasks)
    for own, line in (
        (FIRST, "Aus acme/hub#2 gespiegelt; bitte nur dort ändern & <b>nicht</b> hier."),
        (SECOND, "Gespiegelt: acme/hub#2"),
        (FIRST, "Aus acme/hub#2 gespiegelt; bitte nur dort ändern & <b>nicht</b> hier."),
        (USUAL, "Mirrored from acme/hub#2. Edits made here are lost: please change the issue instead."),
    ):
        for task in (org.task(issue), *org.tasks().values()):
            org.asana.edit_field(task, org.url_field, None)  # the last line alone names the issue
            org.asana.edit_field(task, org.id_field, None)
        for record in [one for one, cells in org.airtable.rows("Activity").items() if cells.get("Task")]:
            org.airtable.edit_cell("Activity", record, "Task", None)
        report = org.sync(**own)
        assert last_line(org.task(issue)) == line
        assert (own[NOTE] or NO_HOURS_LEFT) in org.task(issue).rich.text
        assert edits(report) == []
        assert org.writes_of(**own) == []
    assert set(org.asana.tasks) == gids


def test_a_note_that_a_person_took_out_stays_out_when_words_change(spent: Organisation) -> None:
    org = spent
    issue = org.issue("Reef Watch: one more thing", "Please.")
    org.sync(**FIRST)
    task = org.task(issue)
    assert FIRST[NOTE] in task.rich.text
    org.asana.edit_notes(task, html_notes=task.rich.html.replace(FIRST[NOTE], ""))
    for own in (FIRST, SECOND, USUAL):
        org.sync(**own)
        assert not any(words in task.rich.text for words in (FIRST[NOTE], SECOND[NOTE], NO_HOURS_LEFT))
        assert org.writes_of(**own) == []


def test_an_edit_that_is_lost_is_still_told_when_words_change(spent: Organisation) -> None:
    org = spent
    (task,) = org.tasks().values()
    org.sync(**FIRST)
    org.sandbox.clock.advance(hours=1)
    org.asana.edit_notes(task, html_notes=task.rich.html.replace("bold", "bald"))
    assert edits(org.sync(**SECOND)) == ["Reef Watch: fix"]
    org.sandbox.clock.advance(hours=1)
    org.asana.edit_notes(task, html_notes=task.rich.html.replace("Gespiegelt:", "Ask Ana. Gespiegelt:"))
    assert edits(org.sync(**FIRST)) == ["Reef Watch: fix"]


def test_other_lines_are_said_in_own_words_too(org: Organisation) -> None:
    org.github.add_user("ben")
    issue = org.issue("Reef Watch: fix", "x" * 62_000, hours=1)
    org.github.assign(issue, "ana", "ben")
    own = {
        "CSH_WORDING__ALSO_ASSIGNED": "Auch: {people}",
        "CSH_WORDING__CUT": "Mehr {rest}",
        "CSH_WORDING__REST": "auf GitHub <lesen>",
    }
    org.sync(**own)
    text = org.task(issue).rich.text
    assert "Auch: ben" in text
    assert "Mehr auf GitHub <lesen>" in text
    assert org.writes_of(**own) == []


def test_words_that_had_to_be_written_as_plain_text_are_known_again(org: Organisation) -> None:
    refused = Status(400, {"errors": [{"message": "XML is invalid"}]})
    org.sandbox.faults.add(
        refused, service="asana", is_write=True, where=lambda record: "html_notes" in str(record.body)
    )
    issue = org.issue("Reef Watch: fix", "A **bold** word.", hours=1)
    org.sync(**FIRST)
    org.asana.edit_field(org.task(issue), org.url_field, None)
    org.sync(**SECOND)
    assert "Gespiegelt: acme/hub#1" in org.task(issue).rich.text
    assert len(org.tasks()) == 1
    assert org.writes_of(**SECOND) == []


TOLD = {
    "CSH_WORDING__TITLE": "Stunden *heute*",
    "CSH_WORDING__AUDIENCE": "An {role} <!channel>",
    "CSH_WORDING__ENGINEER": "die_Technik_",
    "CSH_WORDING__HIGH": "Sehr *dringend*",
    "CSH_WORDING__REMEDY": "Bitte",
    "CSH_WORDING__EVIDENCE": "Beleg",
    "CSH_WORDING__LINKS": "Siehe",
    "CSH_WORDING__HOW_TO_ANSWER": "Antworten: in @channel's _Tabelle_ <Alerts>.",
    "CSH_WORDING__NOTIFICATION": "{counts} für {role}",
    "CSH_WORDING__HOURS": "Stunden [hier](x)",
    "CSH_WORDING__NOTHING_NEW": "Nichts Neues.",
}


def test_digests_and_the_page_of_a_job_say_it_in_own_words_and_none_of_them_is_markup(
    go: Go, org: Organisation, tmp_path: Path
) -> None:
    org.issue("Reef Watch: fix", hours=-3)
    page = tmp_path / "page.md"
    job = {"GITHUB_STEP_SUMMARY": str(page), **TOLD}
    assert go("run", "--digest", "digest.md", **job).exit_code == 0
    text = Path("digest.md").read_text("utf-8")
    for one in (text, page.read_text("utf-8")):
        assert one.startswith("# Stunden \\*heute\\*")
        assert "## An die\\_Technik\\_ \\<\\!channel\\>" in one
        assert "### Sehr \\*dringend\\*" in one
        assert {"  - Beleg", "  - Bitte", "  - Siehe"} <= {line.partition(":")[0] for line in one.splitlines()}
    assert "Antworten: in \\@\u2060channel's \\_Tabelle\\_ \\<Alerts\\>." in text
    assert "## Stunden \\[hier\\](x)" in page.read_text("utf-8")
    (post,) = (one for one in org.sandbox.slack.posts if "Technik" in one.text)
    header, *blocks = post.blocks
    assert header["text"] == {
        "type": "plain_text",
        "text": "An die_Technik_ <!channel>: 1 new finding",
        "emoji": False,
    }
    assert post.text == "1 new (1 high). für die_Technik_"
    parsed = [text for block in blocks for text in texts(block) if text["type"] == "mrkdwn"]
    assert not any(word in str(parsed) for word in ("dringend", "Antworten", "<!"))
    assert "Sehr *dringend*" in [text["text"] for block in blocks for text in texts(block)]
    assert "Antworten: in @\u2060channel's _Tabelle_ &lt;Alerts&gt;." in [
        text["text"] for block in blocks for text in texts(block)
    ]
    assert go("run", "--digest", "digest.md", **job).exit_code == 0
    assert "Nichts Neues." in Path("digest.md").read_text("utf-8")


def texts(block: Any) -> list[Any]:
    return list(block.get("elements") or [block["text"]])


LINKS = {"CSH_BACKLINKS__ENABLED": "true", "CSH_BACKLINKS__PUBLIC": "true"}


def test_comments_are_edited_in_place_and_own_words_are_no_markup_there(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    org.sync(**LINKS)
    own = {**LINKS, "CSH_WORDING__BACK_LINK": "- siehe @ana's {task} <b>", "CSH_WORDING__TASK": "[Aufgabe]"}
    assert go("run", "--record", "run.json", **own).exit_code == 0
    gid = org.task(issue).gid
    (comment,) = issue.comments
    address = f"https://app.asana.com/0/0/{gid}"
    line = f"\\- siehe \\@\u2060ana's [\\[Aufgabe\\]]({address}) \\<b\\>"
    assert comment.body == f"<!-- csh-sync back-link -->\n{line}"
    assert org.writes_of(**own) == []
    result = go("undo", "run.json", "--yes", **LINKS)  # in whatever words comments are written by now
    assert "the comment on the issue had other words before; GitHub shows them" in result.stdout
    anew = org.issue("Reef Watch: more", hours=1)
    assert go("run", "--record", "run.json", **own).exit_code == 0
    assert go("undo", "run.json", "--yes", "--record", "undo.json", **LINKS).exit_code == 0
    assert anew.comments == []
