"""The shared cases and our own: community, evidence, candidates and conflict of each."""

import pytest

from tests.mappings.matching_cases import candidates, cases, conflict, matched, named

SHARED = cases("matching-cases.jsonl")
OWN = cases("matching-more.jsonl")


def label(case):
    return f"{case['id']} {case.get('why') or case['title']}"


@pytest.mark.parametrize("case", SHARED + OWN, ids=label)
def test_case_ends_with_the_community_that_a_careful_reader_would_name(case):
    found = matched(case)
    assert (named(found), found.kind) == (case["expect"], case["evidence"])
    assert set(case.get("candidates", ())) <= set(candidates(found))
    if "conflict" in case:
        wanted = case["conflict"]
        assert conflict(found) == ([wanted] if isinstance(wanted, str) else wanted)


def test_there_are_as_many_cases_as_promised():
    assert (len(SHARED), len({case["id"] for case in SHARED})) == (40, 40)
    assert len({(case["title"], case["body"], str(case["board"]), str(case["labels"])) for case in OWN}) >= 120
