"""csh-sync match: files in, one verdict a line out, bad lines told by place."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.cli import main

DATA = Path(__file__).parents[1] / "data"
COMMUNITIES = DATA / "communities.json"
TICKET = "https://example.freshdesk.com/a/tickets/"


def run(*arguments):
    return CliRunner().invoke(main, ["match", *map(str, arguments)])


def tried(tmp_path, *lines, as_json=True):
    """Run the command on *lines*, each an object or raw bytes."""
    cases = tmp_path / "cases.jsonl"
    cases.write_bytes(b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines))
    return run("--communities", COMMUNITIES, "--cases", cases, *(["--json"] if as_json else []))


def documents(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("name", ["matching-cases.jsonl", "matching-more.jsonl"])
def test_every_case_file_of_ours_comes_out_as_expected(name):
    result = run("--communities", COMMUNITIES, "--cases", DATA / name, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    wanted = [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    for case, document in zip(wanted, documents(result), strict=True):
        assert list(document) == ["id", "community", "evidence", "candidates", "conflict"]
        told = (document["id"], document["community"], document["evidence"])
        assert told == (case["id"], case["expect"], case["evidence"])
        assert set(case.get("candidates", ())) <= set(document["candidates"])
        assert document["conflict"] == case.get("conflict", document["conflict"])


def test_conflict_is_a_name_a_list_or_nothing(tmp_path):
    result = tried(
        tmp_path,
        {"id": "none", "title": "[Delta] x"},
        {"id": "one", "title": "[Delta] x", "board": {"Community": "OSN"}},
        {"id": "two", "title": "[Delta] x", "board": {"Community": "OSN"}, "labels": ["community: NLU"]},
    )
    assert [document["conflict"] for document in documents(result)] == [
        None,
        "Delta",
        ["Open Soil Network", "Northern Lakes University"],
    ]


def test_only_the_title_is_needed_and_the_id_may_be_anything(tmp_path):
    result = tried(
        tmp_path,
        {"title": "[Delta] x"},
        {"id": {"n": [1]}, "title": "", "body": None, "labels": None, "board": None, "freshdesk": None, "why": "more"},
        {"title": "x", "board": {"community": "OSN", "Allocation": "Q3", "Estimate": 3}},
    )
    assert result.exit_code == 0
    assert [(one["id"], one["community"]) for one in documents(result)] == [
        (None, "Delta"),
        ({"n": [1]}, None),
        (None, "Open Soil Network"),
    ]


def test_freshdesk_map_stands_for_the_help_desk(tmp_path):
    result = tried(
        tmp_path,
        {"title": "number", "body": TICKET + "7", "freshdesk": {"7": 101}},
        {"title": "text", "body": TICKET + "7", "freshdesk": {"7": "101"}},
        {"title": "no company", "body": TICKET + "7", "freshdesk": {"7": None}},
        {"title": "[Delta] not in the map", "body": TICKET + "7", "freshdesk": {"8": 101}},
    )
    assert [(one["community"], one["evidence"]) for one in documents(result)] == [
        ("Reef Watch", "freshdesk"),
        ("Reef Watch", "freshdesk"),
        (None, "none"),
        ("Delta", "title"),
    ]


def test_bad_lines_are_told_by_place_with_the_remedy_and_the_others_go_on(tmp_path):
    result = tried(
        tmp_path,
        {"id": 1, "title": "[Delta] x"},
        b"not json",
        b"",
        {"id": 4},
        b"[1]",
        b"\xff",
        b"[" * 100_000,
        {"id": 8, "title": "x", "labels": "CSH"},
        {"id": 9, "title": "[NLU] x"},
    )
    assert result.exit_code == 1
    assert [document["id"] for document in documents(result)] == [1, 9]
    *told, last = result.stderr.splitlines()
    assert [line.partition(": ")[0].rpartition(", ")[2] for line in told] == [f"line {n}" for n in (2, 4, 5, 6, 7, 8)]
    assert "Write one JSON object on each line." in told[0]
    assert '"title": Field required' in told[1]
    assert "may be left out" in told[1]
    assert '"labels"' in told[5]
    assert last == "6 lines left out, all others were tried."


def test_a_readable_table_without_json(tmp_path):
    result = tried(
        tmp_path,
        {"id": 1, "title": "[Delta]\x1b[31m \ud800 x\n::add-mask::x"},
        {"id": 2, "title": "Glacer Commons"},
        as_json=False,
    )
    assert result.exit_code == 0
    heads, *_ = result.stdout.splitlines()
    assert heads.split() == ["case", "title", "community", "evidence", "candidates", "conflict"]
    assert "Delta" in result.stdout
    assert "similar:" in result.stdout
    assert "\x1b" not in result.stdout
    assert not any(line.startswith("::") for line in result.stdout.splitlines())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"communities": 3}',
        b'{"communities": [{"aliases": []}]}',
        b'{"communities": [{"name": ""}]}',
        b'{"communities": [{"name": "A", "aliases": "B"}]}',
        b"[" * 100_000,
    ],
)
def test_a_communities_file_of_another_shape_is_a_usage_error(tmp_path, content):
    communities = tmp_path / "communities.json"
    communities.write_bytes(content)
    result = run("--communities", communities, "--cases", DATA / "matching-cases.jsonl", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "communities.json" in result.stderr
    assert '"communities": [{"name"' in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("missing", ["--communities", "--cases"])
def test_a_file_that_is_not_there_is_a_usage_error(tmp_path, missing):
    files = {"--communities": COMMUNITIES, "--cases": DATA / "matching-cases.jsonl", missing: tmp_path / "nowhere"}
    result = run(*(part for pair in files.items() for part in pair))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nowhere" in result.stderr


def test_a_byte_order_mark_and_windows_line_ends_are_no_obstacle(tmp_path):
    communities, cases = tmp_path / "communities.json", tmp_path / "cases.jsonl"
    communities.write_bytes(b"\xef\xbb\xbf" + COMMUNITIES.read_bytes())
    cases.write_bytes(b'\xef\xbb\xbf{"id": 1, "title": "[Delta] x"}\r\n{"id": 2, "title": "[NLU] x"}\r\n')
    result = run("--communities", communities, "--cases", cases, "--json")
    assert [document["community"] for document in documents(result)] == ["Delta", "Northern Lakes University"]
