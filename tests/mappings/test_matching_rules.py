"""What no case file can say: boards not read, help desks that do not answer, parents, names that two share."""

import pytest

from mappings.matching.deciding import match
from mappings.matching.table import CommunityTable
from mappings.matching.values import Candidate, IssueText, Kind
from sync.model.contract import Community
from sync.model.ticket import Company, NoAnswer, UnknownTicket
from tests.mappings.matching_cases import HOST, TABLE, candidates, conflict, found, named

REEF, PACIFIC, DELTA, RIVERS = "rec00", "rec01", "rec06", "rec07"
TICKET = f"https://{HOST}/a/tickets/7"


def with_tickets(title="", body="", answers=(), **about):
    return match(IssueText(title, body, **about), TABLE, dict(answers), HOST)


def test_a_board_that_was_not_read_leaves_everything_open_whatever_else_is_known():
    decided = found("[Delta] x", labels=("community: OSN",), board_unread=True)
    assert (decided.community_id, decided.kind, decided.decided) == (None, Kind.NONE, False)
    assert {"Open Soil Network", "Delta"} <= set(candidates(decided))


def test_a_help_desk_that_does_not_answer_lets_no_weaker_evidence_decide():
    waiting = with_tickets("[Delta] x", TICKET, {"7": NoAnswer("no answer in 30 s")})
    assert (waiting.community_id, waiting.kind, waiting.decided) == (None, Kind.NONE, False)
    assert candidates(waiting) == ["Delta"]
    assert any("no answer in 30 s" in step.text for step in waiting.steps)


def test_stronger_evidence_does_not_wait_for_the_help_desk():
    by_board = with_tickets("x", TICKET, {"7": NoAnswer("down")}, board_community="Delta")
    assert (named(by_board), by_board.decided) == ("Delta", True)
    by_parent = match(IssueText("x", TICKET), TABLE, {"7": NoAnswer("down")}, HOST, REEF)
    assert (by_parent.community_id, by_parent.kind, by_parent.decided) == (REEF, Kind.PARENT, True)


def test_one_ticket_without_an_answer_keeps_the_others_waiting():
    body = f"{TICKET} https://{HOST}/a/tickets/8"
    waiting = with_tickets("x", body, {"7": Company("101"), "8": NoAnswer("down")})
    assert (waiting.community_id, waiting.decided) == (None, False)


@pytest.mark.parametrize("second", [UnknownTicket(), Company("999")])
def test_several_tickets_decide_only_when_all_resolve(second):
    body = f"{TICKET} https://{HOST}/a/tickets/8"
    answers = {"7": Company("101"), "8": second}
    assert with_tickets("x", body, answers).community_id is None
    assert with_tickets("[Reef Watch] x", body, answers).kind is Kind.TITLE
    assert with_tickets("[Delta] x", body, answers).community_id is None


def test_the_allocation_on_the_board_names_its_community():
    decided = found("[Delta] x", board_allocation_community_id=REEF)
    assert (decided.community_id, decided.kind, conflict(decided)) == (REEF, Kind.BOARD, ["Delta"])


def test_community_and_allocation_on_the_board_that_differ_decide_nothing():
    decided = found("[Delta] x", board_community="Delta", board_allocation_community_id=REEF)
    assert (decided.community_id, decided.kind) == (None, Kind.NONE)
    assert conflict(decided) == ["Delta", "Reef Watch"]


def test_the_parent_comes_after_what_is_explicit_and_before_the_ticket():
    text = IssueText("[Delta] x", TICKET)
    answers = {"7": Company("108")}
    under = match(text, TABLE, answers, HOST, REEF)
    assert (under.community_id, under.kind, conflict(under)) == (REEF, Kind.PARENT, ["Delta Rivers", "Delta"])
    labelled = match(IssueText("x", "", ("community: OSN",)), TABLE, {}, HOST, REEF)
    assert (named(labelled), labelled.kind) == ("Open Soil Network", Kind.LABEL)


def test_a_parent_of_a_community_that_is_gone_is_no_evidence():
    assert match(IssueText("[Delta] x"), TABLE, {}, HOST, "recGone").kind is Kind.TITLE


def test_board_then_form_then_label_is_named_when_they_agree():
    body = "### Community\n\nReef Watch\n"
    everything = found("x", body, board_community="ReefWatch", labels=("community: reef watch",))
    assert everything.kind is Kind.BOARD
    assert found("x", body, labels=("community: reef watch",)).kind is Kind.FORM


def test_an_unclear_answer_leaves_parent_and_ticket_their_say():
    body = f"### Community\n\nThe people from the coast\n\n### Ticket\n\n{TICKET}"
    assert with_tickets("x", body, {"7": Company("101")}).kind is Kind.FRESHDESK
    assert match(IssueText("x", body), TABLE, {}, HOST, DELTA).kind is Kind.PARENT


def test_a_misspelled_answer_leaves_the_title_its_say_when_both_point_the_same_way():
    body = "### Community\n\nGlacer Commons\n"
    assert named(found("[Glacier Commons] x", body)) == "Glacier Commons"
    assert named(found("[Delta] x", body)) is None


def test_an_alias_of_two_communities_decides_nothing_and_names_both():
    table = CommunityTable([Community("a", "Alpha Lab", ("ALX",)), Community("b", "Beta Lab", ("ALX",))])
    for text in (
        IssueText("[ALX] x"),
        IssueText("for ALX"),
        IssueText("x", labels=("community: ALX",)),
        IssueText("x", board_community="ALX"),
        IssueText("x", "### Community\n\nALX\n"),
    ):
        decided = match(text, table, {}, HOST)
        assert decided.community_id is None
        assert {candidate.community_id for candidate in decided.candidates} == {"a", "b"}


def test_a_shared_alias_beside_a_clear_label_agrees():
    table = CommunityTable([Community("a", "Alpha Lab", ("ALX",)), Community("b", "Beta Lab", ("ALX",))])
    decided = match(IssueText("x", board_community="ALX", labels=("community: Alpha Lab",)), table, {}, HOST)
    assert (decided.community_id, decided.kind, decided.conflict) == ("a", Kind.LABEL, ())


def test_a_shared_alias_beside_a_label_of_somebody_else_decides_nothing():
    table = CommunityTable(
        [Community("a", "Alpha Lab", ("ALX",)), Community("b", "Beta Lab", ("ALX",)), Community("c", "Gamma Lab")]
    )
    decided = match(IssueText("x", board_community="ALX", labels=("community: Gamma Lab",)), table, {}, HOST)
    assert (decided.community_id, set(decided.conflict)) == (None, {"a", "b", "c"})


def test_common_words_in_another_case_are_not_even_suggested_in_running_text():
    for title in ("pre-delta image", "give insight, take a leap", "delta_x and leap-day", "the littoral zone"):
        assert found(title, f"also: {title}").candidates == ()


def test_a_longer_name_in_doubt_puts_the_shorter_one_in_it_in_doubt():
    table = CommunityTable([Community("a", "Reef"), Community("b", "Reef * Watch")])
    assert match(IssueText("call with Reef * Watch"), table, {}, HOST).community_id == "b"
    assert match(IssueText("call with see Reef * Watch.org"), table, {}, HOST).community_id is None


@pytest.mark.parametrize("answer", [Company("42", "Cafe Océan"), Company("Café Ocean"), Company("77", "CAFÉ OCEAN")])
def test_a_company_is_recognised_by_id_or_name(answer):
    by_name = CommunityTable([Community("a", "Alpha Lab", (), "Café Océan"), Community("b", "Beta Lab", (), "43")])
    assert by_name.of_company(answer) == ("a",)


def test_a_company_of_two_communities_decides_nothing():
    table = CommunityTable([Community("a", "Alpha Lab", (), "42"), Community("b", "Beta Lab", (), "42")])
    decided = match(IssueText("x", TICKET), table, {"7": Company("42")}, HOST)
    assert decided.community_id is None
    assert [candidate.community_id for candidate in decided.candidates] == ["a", "b"]


def test_a_company_called_like_a_community_is_only_suggested():
    table = CommunityTable([Community("a", "Alpha Lab")])
    decided = match(IssueText("x", TICKET), table, {"7": Company("42", "Alpha Lab")}, HOST)
    assert decided.community_id is None
    assert decided.candidates == (Candidate("a", "ticket 7"),)


def test_tickets_of_our_own_text_are_told_those_in_quotations_are_not():
    decided = with_tickets("x", f"{TICKET}\n\n> https://{HOST}/a/tickets/9", {"7": Company("101"), "9": Company("107")})
    assert (named(decided), decided.tickets) == ("Reef Watch", ("7",))
    assert candidates(decided) == ["Reef Watch", "Delta"]


def test_every_step_is_told_strongest_first():
    decided = with_tickets(
        "[Delta] call with NLU", f"### Community\n\nReef Watch\n\n{TICKET}", {"7": Company("101")}, labels=("CSH",)
    )
    assert [(step.kind, step.verdict) for step in decided.steps] == [
        (Kind.FORM, "decides"),
        (Kind.FRESHDESK, "agrees"),
        (Kind.TITLE, "contradicts"),
        (Kind.ALIAS, "agrees"),
    ]


def test_a_suggestion_comes_with_how_similar_it_is():
    (suggested,) = found("Glacer Commons image").candidates
    assert suggested == Candidate("rec02", 'similar: "Glacer Commons"', 0.93)


def test_without_help_desk_host_no_address_is_a_ticket():
    assert match(IssueText("x", TICKET), TABLE, {"7": Company("101")}, "").tickets == ()


def test_an_empty_table_finds_nobody():
    decided = match(IssueText("[Delta] x", "for NLU", ("community: OSN",)), CommunityTable([]), {}, HOST)
    assert (decided.community_id, decided.candidates) == (None, ())


@pytest.mark.parametrize("name", ["", " ", "–", "🚀", "_", "&amp;", "()"])
def test_a_name_without_letters_and_digits_names_nobody(name):
    table = CommunityTable([Community("a", name, (name,))])
    decided = match(IssueText(f"[{name}] {name} – x", name, (f"community: {name}",)), table, {}, HOST)
    assert decided.community_id is None


@pytest.mark.parametrize(
    "name", ["R", "2i2c", "3D", "O'Neil Lab", "AC/DC Lab", "Tromsø", "Straße 7", "数据 Lab", "हिन्दी"]
)
def test_names_of_other_shapes_are_found_as_they_stand(name):
    table = CommunityTable([Community("a", name)])
    for text in (IssueText(f"Call with {name} today"), IssueText(f"[{name}] x"), IssueText(f"{name}: x")):
        assert match(text, table, {}, HOST).community_id == "a"


def test_a_part_of_a_word_in_another_script_is_no_name():
    table = CommunityTable([Community("a", "हिन")])
    assert match(IssueText("यह हिन्दी है"), table, {}, HOST).community_id is None
    assert match(IssueText("यह हिन है"), table, {}, HOST).community_id == "a"
