"""I. Hostile or odd text: in titles, bodies, names and labels, over HTTP into every service."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sync.errors import ExitCode
from tests.cli.conftest import Go, go
from tests.e2e.organisation import Organisation
from tests.hostile.corpus import is_formula, seen

__all__ = ["go"]


def arrive(org: Organisation, *texts: tuple[str, str]) -> list[Any]:
    """Mirror issues of these titles and bodies; each must have one task and one row, and nothing may be left to do."""
    issues = [org.issue(f"Reef Watch: {title}", body, hours=1) for title, body in texts]
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    assert not [outcome.detail for outcome in report.outcomes if "refused" in outcome.detail]
    for issue in issues:
        assert org.task(issue).parent is org.reef.csh["Q3"]
        assert len(org.rows(issue)) == 1
    assert org.writes_of() == []
    return issues


def shown(org: Organisation, issue: Any) -> tuple[str, str]:
    """Return what Asana shows of an issue: its name without the community, and its description without our line."""
    task = org.task(issue)
    return task.name.removeprefix("Reef Watch: "), task.rich.text.partition("\n\nMirrored from acme/hub#")[0]


def test_fault_i01_a_body_of_65536_emoji_is_cut_at_a_sign_and_leads_on(
    go: Go, org: Organisation, tmp_path: Path
) -> None:
    body = "👩‍👩‍👧" * 13_107
    issue = org.issue("Reef Watch: fix", body, hours=1)
    event = {"action": "edited", "issue": {"html_url": org.url(issue), "body": "😀" * 65_536}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    assert go("run", GITHUB_EVENT_PATH="event.json").exit_code == 0
    whole, _, rest = org.task(issue).rich.html.removeprefix("<body>").partition("\n")
    assert whole == "👩‍👩‍👧" * (len(whole) // 5)
    assert 3_200 * 5 < len(whole) < 13_107 * 5  # 60,000 bytes hold 3,333 families of 18 bytes
    assert org.url(issue) in rest
    org.sync()
    assert org.writes_of() == []


CONTROLS = {
    "a\x00b": ("a b", "a\ufffdb"),
    "a\x0bb": ("a b", "a\ufffdb"),
    "a\ufffeb": ("a\ufffdb", "a\ufffdb"),
    "a\ud83db": ("a\ufffdb", "a\ufffdb"),
    "\ufeffa": ("a", "a"),
    "a\x1f\x7f\x85b": ("a b", "a\ufffd\ufffd\nb"),
    "a\u2028b": ("a b", "a\nb"),
}
"""What is typed, and what it is as a name and as a description."""


def test_fault_i02_controls_and_half_signs_are_replaced_and_arrive_everywhere(org: Organisation) -> None:
    issues = arrive(org, *((text, text) for text in CONTROLS))
    for issue, expected in zip(issues, CONTROLS.values(), strict=True):
        [row] = org.rows(issue).values()
        assert shown(org, issue) == expected
        assert row["Title"] == f"Reef Watch: {expected[0]}"


DIRECTIONS = {
    "שלום עולם": ("שלום עולם", "שלום עולם"),
    "\u202egpj.exe": ("gpj.exe", "gpj.exe"),
    "a\u200bb": ("ab", "a\u200bb"),
    "a" + "\u0301" * 200: ("\u00e1" + "\u0301" * 31, "a" + "\u0301" * 32),
    "caf\u00e9": ("caf\u00e9", "caf\u00e9"),
    "cafe\u0301": ("caf\u00e9", "cafe\u0301"),
}
"""Names are in the composed form; more marks than 32 on one letter are mischief."""


def test_fault_i03_directions_and_marks_are_no_endless_update(org: Organisation) -> None:
    issues = arrive(org, *((text, text) for text in DIRECTIONS))
    assert [shown(org, issue) for issue in issues] == list(DIRECTIONS.values())


MARKUP = {
    "a</body><script>alert(1)</script>b": "aalert(1)b",
    "a&nbsp;b <!-- c": "a b <!-- c",
    "]]> <![CDATA[x]]>": "]]> x",
    '<a data-asana-gid="1200000000000014">x</a>': "x",
    "https://app.asana.com/0/profile/1200000000000014": "https://app.asana.com/0/profile/1200000000000014",
}
"""In a name it stays as it is; a description says what it says to a reader of GitHub."""


def test_fault_i04_markup_is_text_and_mentions_nobody(org: Organisation) -> None:
    for issue, typed in zip(arrive(org, *((text, text) for text in MARKUP)), MARKUP, strict=True):
        html = org.task(issue).rich.html
        assert shown(org, issue) == (typed, MARKUP[typed])
        assert "<script" not in html
        assert not re.search(r"data-asana-(gid|type)", html)
        assert org.ana not in org.task(issue).followers


LINKS = ["[x](javascript:alert(1))", "[x](data:text/html,a)", "[x](file:///etc/passwd)", "[x](//evil.example/a)"]


def test_fault_i05_links_that_lead_nowhere_good_are_their_words(org: Organisation) -> None:
    for issue in arrive(org, *((f"link {number}", text) for number, text in enumerate(LINKS))):
        assert set(re.findall(r'href="([^"]*)"', org.task(issue).rich.html)) == {org.url(issue)}
        assert shown(org, issue)[1] == "x"


CALLS = "<!channel> <@U123> @here @everyone @org/team"


def test_fault_i06_calls_are_plain_text_in_slack_and_on_github(org: Organisation) -> None:
    issue = org.issue(f"Reef Watch: {CALLS}", CALLS, hours=9, End_date="2026-08-05")
    org.sync(CSH_BACKLINKS__ENABLED="true", CSH_BACKLINKS__PUBLIC="true")
    posts = [post.shown for post in org.sandbox.slack.posts]
    assert any("U123" in post.text for post in posts)
    assert all(post.mentions == () for post in posts)
    [comment] = issue.comments
    assert not re.search(r"@\w", comment.body)


FORMULAS = ['=HYPERLINK("https://evil.example")', "+1+1", "-1+1", "@SUM(A1)", "\tx", "\r=1"]


def test_fault_i07_formulas_are_safe_in_a_file_and_unchanged_in_the_base(org: Organisation, tmp_path: Path) -> None:
    file = tmp_path / "totals.csv"
    allocations = [record for place in (org.reef, org.glacier) for record in place.allocations.values()]
    for record, formula in zip(allocations, FORMULAS, strict=True):
        org.airtable.edit_cell("Allocations", record, "Name", formula)
    issue = org.issue("Reef Watch: fix", hours=1)
    org.github.edit(issue, title=FORMULAS[0])
    org.github.set_board(issue, org.board, {"Community": "Reef Watch"})
    org.sync(CSH_TOTALS__CSV=str(file))
    [row] = org.rows(issue).values()
    assert row["Title"] == FORMULAS[0]
    assert [org.airtable.row("Allocations", record)["Name"] for record in allocations] == FORMULAS
    head, *lines = csv.reader(file.read_text("utf-8").splitlines())
    assert {line[0] for line in lines} == {*(f"'{one}" for one in FORMULAS[:4]), "x", "'=1"}
    assert [cell for line in (head, *lines) for cell in line if is_formula(cell)] == []


SHELL = ["$(touch /tmp/pwned)", "`id`", "; rm -rf /", "${{ secrets.TOKEN }}", "%s {0} $HOME"]


def test_fault_i09_shell_and_template_text_stays_text(go: Go, org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {text}", text, hours=1) for text in SHELL]
    result = go("run", CSH_LOG="json")
    assert result.exit_code == 0
    assert [org.task(issue).name for issue in issues] == [f"Reef Watch: {text}" for text in SHELL]


LINK = "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07"
ESCAPES = ["\x1b[31mred\x1b[0m", LINK, "\x1b]52;c;aGk=\x07", "bell\x07", "\x9b31m"]


@pytest.mark.parametrize("log", ["json", ""])
def test_fault_i11_escape_sequences_reach_no_terminal_and_no_log(go: Go, org: Organisation, log: str) -> None:
    for text in ESCAPES:
        org.issue(f"Reef Watch: {text}", text, hours=9)
    for command in (["plan"], ["run"], ["check"], ["hours", "Reef Watch"], ["explain", "acme/hub#1"]):
        result = go("-v", *command, CSH_LOG=log)
        assert result.exit_code == 0, command
        assert "Reef Watch: [31mred" in result.stdout, command
        assert not {"\x1b", "\x07", "\x9b"} & set(result.output), command


KEYS = ['")', "'", "\\", '", {Key}, "', 'O\'Hara "x") \\']


@pytest.mark.parametrize("name", KEYS)
def test_fault_i12_quotes_in_a_key_still_hit_one_row(org: Organisation, name: str) -> None:
    for place in (org.reef, org.glacier):
        org.airtable.edit_cell("Communities", place.record, "Aliases", f"Shared {name}")
    for _ in range(2):
        org.sync()
    found = [cells for cells in org.airtable.rows("Alerts").values() if cells["Kind"] == "shared_alias"]
    assert len(found) == 1
    assert name.casefold() in found[0]["Key"]
    assert org.writes_of() == []


def test_fault_i13_pathological_markdown_is_mirrored(org: Organisation) -> None:
    lists = "".join("  " * level + "- x\n" for level in range(250))
    table = "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "|x|\n" * 10
    bodies = (">" * 20_000, "[" * 5_000, lists, table)
    issues = arrive(org, *((f"body {number}", body) for number, body in enumerate(bodies)))
    quote, bracket, depths, cells = (shown(org, issue)[1] for issue in issues)
    more = "\n\n… Cut here because it is too long: read the rest on GitHub."
    assert quote == ">" * (len(quote) - len(more)) + more
    assert len(quote) > 14_000  # each takes four bytes of 60,000
    assert bracket == "[" * 5_000
    assert depths.endswith(more)
    assert depths.splitlines()[:200] == ["  " * level + "- x" for level in range(200)]
    assert [line.split("\t").count("a") for line in cells.splitlines()[:1]] == [500]
    assert [line.strip("\t") for line in cells.splitlines()[1:]] == ["x"] * 10


def test_fault_i14_empty_and_endless_titles_are_named_and_apart(org: Organisation) -> None:
    titles = ["", " ", "\u200b", "x" * 256, "y" * 1024 + "a", "y" * 1024 + "b"]
    issues = [org.issue("fix", hours=1, Community="Reef Watch") for _ in titles]
    for issue, title in zip(issues, titles, strict=True):
        issue.title = title  # GitHub takes none of these, but the last but three
    assert org.sync().exit_code is ExitCode.FINE
    names = [org.task(issue).name for issue in issues]
    assert [seen(name) for name in names] == [*["(no title)"] * 3, "x" * 256, *[f"{'y' * 999}…"] * 2]
    assert len({org.task(issue).gid for issue in issues}) == len(issues)
    assert org.writes_of() == []


ADDRESSES = [
    "http://169.254.169.254/latest/meta-data",
    "http://127.0.0.1/a/tickets/7",
    "https://{host}.evil.tld/a/tickets/7",
    "https://{host}@evil.tld/a/tickets/7",
    "https://{host}:444/a/tickets/7",
    "https://evil.tld/?u=https://{host}/a/tickets/7",
    "https://evil.tld/redirect/a/tickets/7",
]


def test_fault_i15_no_address_is_fetched_and_tickets_are_those_of_the_exact_host(org: Organisation) -> None:
    host = "acme.freshdesk.com"
    for address in ADDRESSES:
        org.issue("Reef Watch: fix", f"See {address.format(host=host)} please", hours=1)
    meant = org.issue("Glacier Commons: fix", f"See https://{host}/a/tickets/7 please", hours=1)
    org.sync(CSH_FRESHDESK__HOST=host)
    [asked] = org.sandbox.log.select("freshdesk")
    assert asked.path.endswith("/tickets/7")
    tickets = {row["GitHub ID"] for row in org.airtable.rows("Activity").values() if row.get("Ticket")}
    assert tickets == {meant.node_id}


@pytest.mark.parametrize(
    ("form", "community"),
    [
        ("### Community\n\nGlacier Commons\n\n### Community\n\nReef Watch\n", None),
        ("### Community\n\n_No response_\n", None),
        ("### Gemeinschaft\n\nGlacier Commons\n", "Glacier Commons"),
        ("### Community\n\nGlacier Commons\n", "Glacier Commons"),
    ],
    ids=["twice", "missing", "translated", "as it should be"],
)
def test_fault_i17_unclear_answers_in_a_form_wait(org: Organisation, form: str, community: str | None) -> None:
    issue = org.issue("fix the hub", form, hours=1)
    org.sync()
    [place] = org.rows(issue)
    assert place == (f"{community} Q3" if community else "unplaced")


def test_fault_i18_a_name_inside_another_word_is_no_match(org: Organisation) -> None:
    org.airtable.edit_cell("Communities", org.reef.record, "Aliases", "Pythia")
    issues = [org.issue(title, hours=1) for title in ("Pythian games", "fix xPythia", "Pythia7: fix")]
    org.sync()
    assert [set(org.rows(issue)) for issue in issues] == [{"unplaced"}] * 3
