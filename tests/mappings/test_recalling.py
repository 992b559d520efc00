"""The law of what is worked out once: what is recalled is what would have been worked out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.memo import KeptMemo
from connectors.memory import Memory
from mappings.matching.deciding import match
from mappings.matching.recalling import recalled_match
from mappings.matching.table import CommunityTable
from mappings.matching.values import IssueText
from mappings.richtext.description import describe
from mappings.richtext.readback import same_text
from mappings.task import MirroredText, is_described
from sync.model.ticket import Company, NoAnswer, UnknownTicket
from tests.mappings.matching_cases import COMMUNITIES, HOST, TABLE, cases
from tests.mappings.test_matching_laws import TEXTS
from tests.mappings.test_richtext_rules import ALL_HABITS, MARKDOWN, give_back

CASES = [*cases("matching-cases.jsonl"), *cases("matching-more.jsonl")]
TICKET = "\n\nhttps://example.freshdesk.com/a/tickets/7"
ANSWERS = [Company("60"), Company("Reef Watch"), UnknownTicket(), NoAnswer("503")]
ISSUES = st.builds(
    IssueText,
    title=TEXTS | st.text(),
    body=TEXTS | MARKDOWN | st.text() | TEXTS.map(lambda text: text + TICKET),
    labels=st.sampled_from([(), ("CSH",), ("community: Delta",)]),
    board_community=st.sampled_from(["", "Delta", "unknown hub"]),
    board_unread=st.booleans(),
)
PARENTS = st.sampled_from([None, COMMUNITIES[0].id, "gone"])


def recalled(memo: KeptMemo, text: IssueText, tickets: Any, parent: str | None = None, table: Any = TABLE) -> Any:
    return recalled_match(text, table, tickets, HOST, parent, memo=memo, place="I_1")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(ISSUES, PARENTS, st.sampled_from(ANSWERS)), min_size=2, max_size=3))
def test_a_match_that_is_recalled_is_the_one_that_would_be_found(told: list[tuple[IssueText, str | None, Any]]) -> None:
    memo = KeptMemo(Memory())
    for text, parent, answer in [one for one in told for _ in range(2)]:
        tickets = {"7": answer, "8": Company("60")}
        assert recalled(memo, text, tickets, parent) == match(text, TABLE, tickets, HOST, parent)


def test_every_known_case_is_recalled_as_it_was_found() -> None:
    memo = KeptMemo(Memory())
    for case in CASES:
        text = IssueText(case["title"], case["body"], tuple(case["labels"]), case["board"].get("Community", ""))
        tickets = {number: Company(str(company)) for number, company in case["freshdesk"].items()}
        assert recalled(memo, text, tickets) == recalled(memo, text, tickets) == match(text, TABLE, tickets, HOST)


def test_another_answer_to_its_ticket_another_name_and_another_host_are_noticed() -> None:
    memo = KeptMemo(Memory())
    text = IssueText("x", TICKET)
    company = next(one for one in COMMUNITIES if one.freshdesk_company)
    assert recalled(memo, text, {}).community_id is None
    assert recalled(memo, text, {"7": Company(company.freshdesk_company)}).community_id == company.id
    assert recalled(memo, text, {"7": Company(company.freshdesk_company), "8": UnknownTicket()}).tickets == ("7",)
    assert recalled(memo, text, {"7": NoAnswer("503")}).decided is False
    named = IssueText(f"{COMMUNITIES[0].name}: down")
    assert recalled(memo, named, {}).community_id == COMMUNITIES[0].id
    assert recalled(memo, named, {}, table=CommunityTable(COMMUNITIES[1:])).community_id != COMMUNITIES[0].id


def test_what_is_known_is_not_worked_out_again() -> None:
    memo = KeptMemo(Memory())
    text = IssueText(f"{COMMUNITIES[0].name}: down")

    class Unasked(CommunityTable):
        def named(self, value: str) -> tuple[str, ...]:
            raise AssertionError(value)

    with pytest.raises(AssertionError):
        recalled(memo, text, {}, table=Unasked(COMMUNITIES))
    assert recalled(memo, text, {}).community_id == COMMUNITIES[0].id
    assert recalled(memo, text, {}, table=Unasked(COMMUNITIES)).community_id == COMMUNITIES[0].id


@settings(max_examples=200, deadline=None)
@given(st.lists(MARKDOWN, min_size=1, max_size=3), ALL_HABITS, st.sampled_from([(), ("Also assigned: @ana",)]))
def test_a_description_is_recognised_as_without_a_memo(bodies: list[str], habits: Any, extra: tuple[str, ...]) -> None:
    memo = KeptMemo(Memory())
    url, reference = "https://github.com/acme/hub/issues/12", "acme/hub#12"
    known = [describe(body, url=url, reference=reference, extra=extra) for body in bodies]
    read = [give_back(one.html, habits) for one in known]
    for body, description in zip(bodies, known, strict=True):
        text = MirroredText(body, url, reference, extra)
        assert (text.html, text.plain) == (description.html, description.plain)
        for html in [*read, *read, "<body>by hand</body>"]:
            assert is_described(html, text, memo, "I_1") == same_text(html, description)
            assert is_described(html, text, memo, "I_1") == same_text(html, description)
