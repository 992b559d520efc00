"""The played FreshDesk: tickets with their company, and what is not told."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from sandbox import Sandbox
from sandbox.core import Cut, Limit, SandboxClock
from sandbox.freshdesk import FreshDeskService


@pytest.fixture
def desk() -> FreshDeskService:
    return FreshDeskService(SandboxClock(), lambda: "")


@pytest.fixture
def sandbox(desk: FreshDeskService) -> Iterator[Sandbox]:
    with Sandbox([desk], clock=desk.clock) as running:
        yield running


@pytest.fixture
def http(sandbox: Sandbox, desk: FreshDeskService) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{sandbox.url}/freshdesk/api/v2", auth=(desk.token, "X")) as client:
        yield client


def test_a_ticket_names_its_company_by_id_and_with_include_by_name(desk, http):
    company = desk.add_company("Pythia Foundation")
    desk.add_ticket(218, "Hub is down", company)
    plain = http.get("/tickets/218").json()
    assert (plain["id"], plain["subject"], plain["company_id"], "company" in plain) == (
        218,
        "Hub is down",
        company,
        False,
    )
    assert http.get("/tickets/218", params={"include": "company"}).json()["company"] == {
        "id": company,
        "name": "Pythia Foundation",
    }
    assert http.get(f"/companies/{company}").json()["name"] == "Pythia Foundation"


def test_the_requesters_company_may_differ_from_the_tickets(desk, http):
    desk.options.requester_company = True
    ours, theirs = desk.add_company("Ours"), desk.add_company("Theirs")
    person = desk.add_requester("Ada", "ada@example.org", theirs)
    desk.add_ticket(1, company=ours, requester=person)
    shown = http.get("/tickets/1", params={"include": "company,requester"}).json()
    assert (shown["company"]["name"], shown["requester"]["company_id"]) == ("Ours", theirs)
    desk.options.requester_company = False
    assert "company_id" not in http.get("/tickets/1", params={"include": "requester"}).json()["requester"]


def test_a_contact_names_its_company_by_id(desk, http):
    company = desk.add_company("Pythia Foundation")
    member, stranger = desk.add_requester("Ada", "ada@example.org", company), desk.add_requester("Ben", "b@example.org")
    shown = http.get(f"/contacts/{member}").json()
    assert (shown["id"], shown["name"], shown["email"], shown["company_id"]) == (
        member,
        "Ada",
        "ada@example.org",
        company,
    )
    assert http.get(f"/contacts/{stranger}").json()["company_id"] is None
    desk.remove_requester(member)
    assert http.get(f"/contacts/{member}").status_code == 404


def test_a_ticket_without_a_company_says_so(desk, http):
    desk.add_ticket(2)
    shown = http.get("/tickets/2", params={"include": "company"}).json()
    assert (shown["company_id"], shown["company"]) == (None, {})


def test_an_unknown_ticket_is_404_without_a_body(desk, http):
    desk.add_ticket(3)
    desk.remove_ticket(3)
    for path in ("/tickets/3", "/companies/9", "/tickets/new", "/contacts/1", "/tickets/view/1"):
        answer = http.get(path)
        assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("code", [403, 404, 500])
def test_a_single_ticket_can_be_made_unreadable(desk, http, code):
    desk.add_ticket(4).status_code = code
    desk.add_ticket(5)
    assert http.get("/tickets/4").status_code == code
    assert http.get("/tickets/5").status_code == 200


def test_deleted_and_spam_are_shown(desk, http):
    ticket = desk.add_ticket(6)
    ticket.deleted = ticket.spam = True
    shown = http.get("/tickets/6").json()
    assert (shown["deleted"], shown["spam"]) == (True, True)


@pytest.mark.parametrize(
    "auth",
    [None, ("wrong", "X"), ("sandbox-freshdesk-key", ""), ("X", "sandbox-freshdesk-key")],
)
def test_only_the_key_as_user_with_any_password_is_let_in(sandbox, desk, auth):
    desk.add_ticket(7)
    answer = httpx.get(f"{sandbox.url}/freshdesk/api/v2/tickets/7", auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


@pytest.mark.parametrize("header", ["Basic ???", "Bearer sandbox-freshdesk-key", "Basic", "Basic /w=="])
def test_credentials_that_are_none_are_refused(sandbox, header):
    answer = httpx.get(f"{sandbox.url}/freshdesk/api/v2/tickets/7", headers={"Authorization": header})
    assert answer.status_code == 401


def test_an_include_that_does_not_exist_is_refused(desk, http):
    desk.add_ticket(8)
    assert http.get("/tickets/8", params={"include": "secrets"}).status_code == 400


def test_above_the_limit_it_tells_when_to_come_back(sandbox, desk, http):
    desk.add_ticket(9)
    assert http.get("/tickets/9").headers["X-RateLimit-Total"] == "200"
    sandbox.faults.add(Limit(0, 60), service="freshdesk")
    answer = http.get("/tickets/9")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_a_help_desk_that_does_not_answer(sandbox, desk, http):
    desk.add_ticket(10)
    sandbox.faults.add(Cut(), service="freshdesk")
    with pytest.raises(httpx.RemoteProtocolError):
        http.get("/tickets/10")


def test_a_renamed_company_keeps_its_tickets(desk, http):
    company = desk.add_company("Old")
    desk.add_ticket(11, company=company)
    desk.rename_company(company, "New")
    assert http.get("/tickets/11", params={"include": "company"}).json()["company"]["name"] == "New"


def test_settings_and_links_point_at_the_help_desk(sandbox, desk):
    assert desk.ticket_url(218) == "https://acme.freshdesk.com/a/tickets/218"
    assert sandbox.settings() == {
        "CSH_FRESHDESK__API_URL": f"{sandbox.url}/freshdesk/api/v2",
        "CSH_FRESHDESK__API_KEY": desk.token,
        "CSH_FRESHDESK__HOST": "acme.freshdesk.com",
    }


def test_everything_over_http_is_a_read(sandbox, desk, http):
    desk.add_ticket(12)
    http.get("/tickets/12")
    http.post("/tickets/12", json={})
    assert [one.is_write for one in sandbox.log.select()] == [False, True]
