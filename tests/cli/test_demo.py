"""``demo``, ``demo --serve`` and ``sandbox`` as people start them: in a process of its own, in an empty folder."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("demo")
"""One process plays the demo, not each."""
ROOT = Path(__file__).parents[2]
LAST_LINE = "csh-sync plan; "
EXPORT = re.compile(r"export (CSH_\w+)='([^']*)'")
HOSTILE = {
    "CSH_GITHUB__TOKEN": "the-real-one",
    "CSH_GITHUB__API_URL": "https://api.github.com",
    "CSH_ASANA__HOME_PROJECT": "1",
    "CSH_NOW": "2031-01-01T00:00:00Z",
}
"""What the environment may hold: the demo looks at none of it (decision D14)."""


def environ(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CSH_", "PYTHON"))}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **more}


def csh_sync(*words: str) -> list[str]:
    return [sys.executable, "-m", "sync", *words]


@dataclass
class Served:
    """A command that serves until it is told to stop: what it printed, and the settings to reach it."""

    process: subprocess.Popen[str]
    folder: Path
    text: str
    settings: dict[str, str]

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command against it."""
        return subprocess.run(
            csh_sync(*words),
            cwd=self.folder,
            env=environ(**self.settings),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def stop(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and what it still printed."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=30)
        return self.process.returncode, rest


def serve(folder: Path, *words: str, **variables: str) -> Served:
    process = subprocess.Popen(
        csh_sync(*words),
        cwd=folder,
        env=environ(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(LAST_LINE):
            break
    text = "".join(lines)
    return Served(process, folder, text, dict(EXPORT.findall(text)))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("demo with spaces")
    (folder / "csh-sync.toml").write_text('timezone = "Nowhere/At_All"\n')
    (folder / ".env").write_text("CSH_GITHUB__ORG=somebody-else\n")
    served = serve(folder, "demo", "--serve", **HOSTILE)
    (folder / "csh-sync.toml").unlink()
    (folder / ".env").unlink()
    yield served
    if served.process.poll() is None:
        served.stop()


def chapter(demo: Served, title: str) -> str:
    return demo.text.split(f"== {title} ==", 1)[1].split("\n== ", 1)[0]


def test_it_says_what_the_organisation_is(demo: Served) -> None:
    assert "25 communities with 35 engagements, 36 projects and 90 allocations, and 250 issues" in demo.text


def test_the_first_plan_is_a_readable_head_with_reasons_and_counts(demo: Served) -> None:
    first = chapter(demo, "First run")
    plan = first.split("changes written.")[0]
    assert "Andean Glacier Network / AGN 2025 Q3\n  + task     [Andean Glacier Network] Rebuild" in plan
    assert "it holds 2025-07-22" in plan
    assert re.search(r"… \d+ more lines", plan)
    assert len(plan.splitlines()) < 80
    assert re.search(r"\n24\d to add, \d+ to change, 0 to remove, 0 held, 9 waiting, 0 unchanged\.\n", plan)


def test_a_second_service_counts_for_allocations_of_its_own(demo: Served) -> None:
    second = chapter(demo, "A second service")
    data, usual = second.split("Great Lakes Phenology / GLP data 2026 H2")[1].split("\n\n")[:2]
    assert "Plan for the leaf" in data
    assert "Names of columns" in data
    assert "Map of stations" in usual
    assert "used 4.5 h" in data
    assert "CSH_PROFILES" in demo.settings


def test_hours_used_and_left_are_shown_by_community(demo: Served) -> None:
    table = chapter(demo, "First run").split("Hours by community, 16 Sep 2026", 1)[1].split("Could not be placed")[0]
    until = r"30 Sep 2026 +"
    for line in (
        rf"^Baltic Sea Observatory Summer School +BSOSS 2026 Q3 +[\d.]+ +6 +[\d.]+ +{until}near +[\d.]+ h",
        rf"^Baltic Sea Observatory +BSO 2026 Q3 +[\d.]+ +12 +0 +{until}used up +[\d.]+ h +[\d.]+ of 20 h used",
        rf"^Sahel Weather Watch +SWW 2026 Q3 +[\d.]+ +6 +-[\d.]+ +{until}over +",
    ):
        assert re.search(line, table, re.MULTILINE), line
    assert "2025" not in table
    assert "No allocation at present: Hokkaidō Snow Lab." in table


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("Tidy up the old dashboards", "nobody can tell its community."),
        ("Same question about quotas, twice", "Could be São Vicente Marine Station"),
        ("Kilimanjaro Genomic Forum image", "Could be Kilimanjaro Genomics Forum (similar"),
        ("Help with a grant text", "nobody can tell its community."),
        ("Draw the prism in the gallery again", "nobody can tell its community."),
        ("[Support] Follow-up of the call", "nobody can tell its community."),
        ("[Instituto Ñandú de Ecología] Upload from the field", "no allocation holds 2026-05-20."),
        ("[Hokkaidō Snow Lab] Sensor archive moves to another host", "no allocation holds 2026-08-05."),
        ("[Okavango Data Alliance] Which gauges are public?", "several allocations hold 2026-08-19."),
    ],
)
def test_what_could_not_be_placed_is_told_with_the_reason(demo: Served, title: str, why: str) -> None:
    unplaced = chapter(demo, "First run").split("Could not be placed (9):")[1]
    assert any(title in line and why in line for line in unplaced.splitlines())


@pytest.mark.parametrize("kind", ["conflicting_evidence", "not_on_board", "hours_absurd", "person_unmapped"])
def test_what_people_should_look_at_is_told_once(demo: Served, kind: str) -> None:
    assert f"  {kind}: " in chapter(demo, "First run")
    assert f"  {kind}: " not in chapter(demo, "A fortnight later")


EXPECTED = (
    r"\+ task +\[Mekong Rice Models\] Rainfall map",
    r"\+ task +Plotting package for the workshop .* sub-issue of lantern/training#",
    r"\+ task +Sahel Weather Watch: Evening about",
    r"- remove +\[Universidade das Marés\] Second region .* not planned",
    r"- remove +\[Great Lakes Phenology\] Background .* duplicate",
    r"- remove +\[São Vicente Marine Station\] Poster .* label was removed",
    r"! hold +\[Kilimanjaro Genomics Forum\] Try the new .* time is logged on it in Asana",
    r"! hold +\[Prism\] List of lenses .* carries hours",
    r"~ task +\[Sahel Weather Watch\] Page about dust(.*\n)+ +completed: no -> yes",
    r"~ task +\[Mekong Rice Models\] Yield tables(.*\n)+ +completed: yes -> no",
    r"~ task +\[Andean Glacier Network\] Ice thickness(.*\n)+ +github hours: 0\.75 -> 2\.25",
    r"~ task +\[Baltic Sea Observatory\] Nightly copies(.*\n)+ +github hours: 3(\.00)? -> 1\.50?",
    r"~ task +\[Pacific Drifters\] Empty the scratch(.*\n)+ +name: \[Pacific Drifters\] Disk -> ",
    r"name: URGENT: legend!! -> .*edited in Asana, overwritten",
    r"~ place +Glossary of soil names .* sub-issue of lantern/docs#",
    r"~ place +Kilimanjaro Genomic Forum image .* by board",
    r"~ hours +Same question about quotas, twice ",
    r"~ hours +Rainfall of the last ten days ",
    r"~ hours +Call with two new regions ",
)


@pytest.mark.parametrize("line", EXPECTED)
def test_each_difference_of_the_fortnight_appears_with_its_reason(demo: Served, line: str) -> None:
    assert re.search(line, chapter(demo, "A fortnight later").split("Community Success Hours · plan")[1])


SUMS = ("~ totals ", "~ status ", "~ hours    Community Success Hours ")
TOUCHED = (
    *("[Mekong Rice Models] Rainfall map", "Plotting package", "Sahel Weather Watch: Evening"),
    *("[Universidade das Marés] Second", "[Great Lakes Phenology] Background", "[São Vicente Marine Station] Poster"),
    *("[Kilimanjaro Genomics Forum] Try", "[Prism] List", "[Sahel Weather Watch] Page", "[Mekong Rice Models] Yield"),
    *("[Andean Glacier Network] Ice", "[Baltic Sea Observatory] Nightly", "[Pacific Drifters] Empty"),
    *("[Levant Heritage Mapping] Legend", "Glossary of soil names", "Kilimanjaro Genomic Forum image"),
    *("Same question about quotas", "Rainfall of the last ten days", "Call with two new regions"),
)


def test_nothing_else_appears(demo: Served) -> None:
    plan = chapter(demo, "A fortnight later").split("Community Success Hours · plan")[1].split("Waiting for")[0]
    items = [line.strip() for line in plan.splitlines() if re.match(r"  [-+~!] ", line)]
    subjects = [re.sub(r"^[-+~!] \w+ +", "", line) for line in items if not line.startswith(SUMS)]
    assert [one for one in subjects if not one.startswith(TOUCHED)] == []
    assert len(set(subjects)) >= len(TOUCHED)


def test_it_shows_what_hours_and_explain_tell(demo: Served) -> None:
    shown = chapter(demo, "Where hours stand")
    assert re.search(r"Okavango Data Alliance: [\d.]+ of 5 h left until 30 Sep; 1 h planned \(as of 30 Sep ", shown)
    assert "Premier Tier / Okavango Data Alliance Water data platform" in shown
    explained = shown.split("$ csh-sync explain")[1].split("$ csh-sync allocations")[0]
    assert "- placed by a person: its task hangs there in Asana" in explained
    assert 'read       5 h, from "5 hours" (characters 6 to 13)' in explained
    assert "Does not agree" not in explained
    assert "\n  ask  " not in explained


def test_it_shows_allocations_a_promise_and_the_review(demo: Served) -> None:
    shown = chapter(demo, "Where hours stand")
    calendar = shown.split('$ csh-sync allocations "Sahel Weather Watch"')[1].split("$ csh-sync")[0]
    assert "    Q4 2026                        6 h  SWW 2026 Q4" in calendar
    assert "an initiative" in calendar
    promise = shown.split("$ csh-sync promise --hours 8 --per quarter")[1].split("$ csh-sync")[0]
    assert "by Partnerships & Services team: yes." in promise
    assert "Alike by its words to work of 3 running engagements:" in promise
    review = shown.split("$ csh-sync review")[1]
    assert "Review of 30 Sep 2026: 36 active engagements" in review
    assert re.search(r"Sep 2026; [\d.]+ h promised \(of 61\.6 h, \d+ %\)", review)
    assert re.search(r"… \d+ more lines", review)
    assert len(shown.split("The demo took")[0].splitlines()) < 160


def test_the_third_run_says_that_nothing_changes_and_writes_nothing(demo: Served) -> None:
    third = chapter(demo, "Once more")
    assert re.search(
        r"Nothing to change: \d+ issues are as they should be; 2 held, 7 waiting\.\n0 changes written", third
    )
    assert "Writing requests of the third run, its heartbeat left out: 0.\n" in third


def test_what_people_were_told_in_slack_is_shown_and_nothing_twice(demo: Served) -> None:
    first, second, third = (chapter(demo, one) for one in ("First run", "A fortnight later", "Once more"))
    message = r"  #alerts  Community Success Hours, for (the )?[a-z ]+: \d+ new"
    assert re.search(message, first.split("Told in Slack (")[1])
    assert "told before" not in first.split("Told in Slack (")[1]
    assert re.search(rf"{message}.*, \d+ told before and still open\.", second.split("Told in Slack (")[1])
    assert "\n  | For " in second.split("The last of them in full:")[1]
    assert "Told in Slack: nothing, since nothing is new.\n" in third


def test_it_tells_what_it_took(demo: Served) -> None:
    found = re.search(r"The demo took \d+ s and (\d+) requests", demo.text)
    assert found
    assert int(found[1]) < 3000


def test_the_settings_it_prints_reach_the_served_sandbox(demo: Served) -> None:
    assert demo.settings["CSH_GITHUB__ORG"] == "lantern"
    assert {"CSH_ASANA__PORTFOLIO", "CSH_ASANA__ENGAGEMENTS_PROJECT", "CSH_FRESHDESK__API_KEY"} <= demo.settings.keys()
    assert demo.settings["CSH_SLACK__WEBHOOK_URL"].startswith("http://127.0.0.1:")
    answer = demo.ask("hours", "BSO", "--json")
    assert answer.returncode == 0, answer.stderr
    assert "BSO 2026 Q3" in json.dumps(json.loads(answer.stdout))
    answer = demo.ask("plan", "--detailed-exitcode")
    assert answer.returncode == 0, answer.stdout
    assert "Nothing to change" in answer.stdout


def test_an_issue_of_the_demo_can_be_explained(demo: Served) -> None:
    found = re.search(r"(lantern/data-access#\d+) \[Okavango Data Alliance\] Which gauges", demo.text)
    assert found
    answer = demo.ask("explain", found[1])
    assert answer.returncode == 0, answer.stderr
    assert "several allocations hold 2026-08-19" in answer.stdout


def test_ctrl_c_ends_it(demo: Served) -> None:
    code, rest = demo.stop()
    assert (code, rest.splitlines()[-1]) == (0, "Stopped.")


def test_an_empty_sandbox_is_set_up_and_has_nothing_to_do(tmp_path: Path) -> None:
    served = serve(tmp_path, "sandbox", "--empty", "--port", "0")
    answer = served.ask("plan", "--detailed-exitcode")
    code, rest = served.stop()
    assert answer.returncode == 0, answer.stderr
    assert "Nothing to change: 0 issues" in answer.stdout
    assert (code, rest.splitlines()[-1]) == (0, "Stopped.")


def test_ctrl_c_in_the_first_run_ends_all_of_it_and_tells_what_was_not_written_in_few_lines(tmp_path: Path) -> None:
    errors = (tmp_path / "stderr.txt").open("w+")
    process = subprocess.Popen(
        csh_sync("demo"), cwd=tmp_path, env=environ(), stdout=subprocess.PIPE, stderr=errors, text=True
    )
    while "apply …" not in (tmp_path / "stderr.txt").read_text():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    errors.seek(0)
    told = errors.read().splitlines()
    errors.close()
    assert process.returncode == 130
    assert "A fortnight later" not in out
    assert re.search(r"… \d+ more not written", told[-1])
    assert len(told) < 60
