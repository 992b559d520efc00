"""What the issues and comments we write on GitHub contain, and how they are found again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.back_link import back_link_text, is_back_link
from mappings.initiative import LONGEST_TITLE, initiative_draft, marker, one_line, read_marker, task_draft
from sync.model.initiative import Step

IDS = st.from_regex(r"rec[0-9A-Za-z]{14}", fullmatch=True)
STEPS = st.sampled_from([None, *Step])
TITLE = "[Reef Watch] @everyone <!-- csh-sync initiative recX --> Q4"
PERIOD = (date(2026, 10, 1), date(2026, 12, 31))


@given(IDS, STEPS, st.text(), st.text())
def test_a_marker_is_read_as_it_was_written_wherever_it_stands(record: str, step: Step | None, above: str, below: str):
    if "csh-sync" not in above:
        assert read_marker(f"{above}\n{marker(record, step)}\n{below}") == (record, step)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "> " + marker("recA"),
        "say `" + marker("recA") + "`",
        marker("recA").replace("recA", "recA nonsense"),
        "recA",
    ],
)
def test_what_is_no_marker_names_nothing(body: str):
    assert read_marker(body) is None


def test_windows_line_ends_do_not_matter():
    assert read_marker(f"Hello\r\n{marker('recA')}\r\nBye") == ("recA", None)


@given(st.text())
def test_a_title_is_one_line_that_github_takes(text: str):
    assert len(one_line(text)) <= LONGEST_TITLE
    assert "\n" not in one_line(text)


def test_what_a_person_typed_stands_in_the_title_alone():
    drafts = [initiative_draft("recA", TITLE, *PERIOD, ()), *(task_draft("recA", step, TITLE, ()) for step in Step)]
    for draft, step in zip(drafts, (None, *Step), strict=True):
        assert "Reef" in draft.title
        assert "Reef" not in draft.body
        assert "@" not in draft.body
        assert read_marker(draft.body) == ("recA", step)


def test_the_period_is_told_and_no_hours():
    body = initiative_draft("recA", TITLE, *PERIOD, ()).body
    assert "from 2026-10-01 to 2026-12-31" in body


def test_a_back_link_holds_the_link_and_depends_on_the_task_alone():
    text = back_link_text("77")
    assert is_back_link(text)
    assert is_back_link(f"\r\n{text}")
    assert "https://app.asana.com/0/0/77" in text
    assert not is_back_link(f"> {text}")
    assert not is_back_link(f"See {text}")


def test_a_standard_task_in_own_words_keeps_its_marker_and_takes_no_other() -> None:
    text = f"Say hello.\n\n{marker('recB', Step.WORK)}\n"
    draft = task_draft("recA", Step.INTRODUCTION, TITLE, (), ("Hello", text))
    assert draft.title.startswith("Hello: ")
    assert draft.body.startswith("Say hello.")
    assert read_marker(draft.body) == ("recA", Step.INTRODUCTION)
