"""Tickets looked up through httpx over HTTP on a played FreshDesk; nothing sleeps, every wait is recorded."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.freshdesk import FreshDeskConnector
from sandbox.core import Cut, Garble, Hang, Rewrite, Sandbox, SandboxClock, Status
from sandbox.core.faults import Effect, Fault
from sandbox.freshdesk import FreshDeskService
from sync.model.ticket import Company, NoAnswer, UnknownTicket


@dataclass
class Desk:
    """A help desk, and the connector that asks it."""

    sandbox: Sandbox
    service: FreshDeskService
    waits: list[float] = field(default_factory=list)
    made: list[FreshDeskConnector] = field(default_factory=list)

    def connector(self, **changes: Any) -> FreshDeskConnector:
        settings: dict[str, Any] = {
            "api_url": f"{self.sandbox.url}{FreshDeskService.prefix}",
            "api_key": self.service.token,
            "sleep": self.waits.append,
        }
        self.made.append(FreshDeskConnector(**(settings | changes)))
        return self.made[-1]

    def ask(self, *tickets: str, **changes: Any) -> dict[str, Any]:
        return dict(self.connector(**changes).companies(tickets))

    def asked(self) -> list[str]:
        return [one.path for one in self.sandbox.log.select("freshdesk")]

    def fault(self, effect: Effect, **selector: Any) -> Fault:
        return self.sandbox.faults.add(effect, service="freshdesk", **selector)


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = SandboxClock(datetime(2026, 1, 5, tzinfo=UTC), frozen=True)
    service = FreshDeskService(clock, lambda: "")
    with Sandbox([service], clock=clock) as sandbox:
        desk = Desk(sandbox, service)
        yield desk
        for connector in desk.made:
            connector.close()


def test_a_ticket_belongs_to_its_own_company_by_id_and_name(desk: Desk) -> None:
    pythia, leap = desk.service.add_company("Project Pythia"), desk.service.add_company("LEAP")
    requester = desk.service.add_requester("Ana", "ana@example.org", leap)
    desk.service.add_ticket(218, company=pythia, requester=requester)
    assert desk.ask("218") == {"218": Company(str(pythia), "Project Pythia")}
    assert desk.asked() == ["/tickets/218"]


def test_without_a_company_of_its_own_it_belongs_to_the_requesters(desk: Desk) -> None:
    leap = desk.service.add_company("LEAP")
    requester = desk.service.add_requester("Ana", "ana@example.org", leap)
    desk.service.add_ticket(218, requester=requester)
    assert desk.ask("218") == {"218": Company(str(leap), "LEAP")}
    assert desk.asked() == ["/tickets/218", f"/contacts/{requester}", f"/companies/{leap}"]


def test_a_ticket_nobody_knows_or_without_any_company_decides_nothing(desk: Desk) -> None:
    requester = desk.service.add_requester("Ana", "ana@example.org")
    desk.service.add_ticket(1)
    desk.service.add_ticket(2, requester=requester)
    stranger = desk.service.add_requester("Ben", "ben@example.org")
    desk.service.add_ticket(3, requester=stranger)
    desk.service.remove_requester(stranger)
    assert desk.ask("1", "2", "3", "4") == dict.fromkeys(("1", "2", "3", "4"), UnknownTicket())


def test_a_company_whose_name_is_not_told_is_known_by_its_id(desk: Desk) -> None:
    company = desk.service.add_company("LEAP")
    desk.service.add_ticket(218, company=company)
    desk.fault(Rewrite(lambda body: body | {"company": {}}), path="^/tickets/")
    desk.fault(Status(404), path="^/companies/")
    assert desk.ask("218") == {"218": Company(str(company), "")}


def test_each_ticket_is_looked_up_once_and_what_was_not_answered_again(desk: Desk) -> None:
    company = desk.service.add_company("LEAP")
    for number in (1, 2):
        desk.service.add_ticket(number, company=company)
    connector = desk.connector()
    connector.companies(["1", "1", "7"])
    desk.fault(Status(400), path="^/tickets/2", times=1)
    assert isinstance(connector.companies(["1", "2", "7"])["2"], NoAnswer)
    assert connector.companies(["1", "2", "7"])["2"] == Company(str(company), "LEAP")
    assert desk.asked() == ["/tickets/1", "/tickets/7", "/tickets/2", "/tickets/2"]


def test_what_is_no_number_is_never_asked_for(desk: Desk) -> None:
    numbers = ["../contacts/1", "1?include=stats", "٣", "", "-1", "1/../2", "http://example.org/1"]
    assert set(desk.ask(*numbers).values()) == {UnknownTicket()}
    assert desk.asked() == []


def test_nobody_is_asked_for_nothing(desk: Desk) -> None:
    assert desk.ask() == {}
    assert desk.asked() == []


def test_the_address_may_be_given_with_or_without_its_path(desk: Desk) -> None:
    desk.service.add_ticket(1, company=desk.service.add_company("LEAP"))
    for address in ("/freshdesk", "/freshdesk/", "/freshdesk/api/v2", "/freshdesk/api/v2/"):
        (answer,) = desk.ask("1", api_url=f"{desk.sandbox.url}{address}").values()
        assert isinstance(answer, Company)


# When it does not answer.


def test_a_refused_key_ends_the_asking_and_names_the_setting(desk: Desk) -> None:
    answers = desk.ask("1", "2", "3", api_key="wrong-key-value")
    assert len(desk.asked()) == 1
    for answer in answers.values():
        assert isinstance(answer, NoAnswer)
        assert "CSH_FRESHDESK__API_KEY" in answer.reason
        assert "wrong-key-value" not in answer.reason


@pytest.mark.parametrize("code", [400, 403, 410, 422])
def test_a_refusal_is_about_that_ticket_only(desk: Desk, code: int) -> None:
    company = desk.service.add_company("LEAP")
    desk.service.add_ticket(1, company=company).status_code = code
    desk.service.add_ticket(2, company=company)
    answers = desk.ask("1", "2")
    assert isinstance(answers["1"], NoAnswer)
    assert answers["2"] == Company(str(company), "LEAP")
    assert desk.waits == []


def test_a_key_that_may_see_tickets_but_no_contacts_leaves_those_unanswered_that_need_them(desk: Desk) -> None:
    company = desk.service.add_company("LEAP")
    desk.service.add_ticket(1, requester=desk.service.add_requester("Ana", "ana@example.org"))
    desk.service.add_ticket(2, company=company)
    desk.fault(Status(403), path="^/contacts/")
    answers = desk.ask("1", "2")
    assert isinstance(answers["1"], NoAnswer)
    assert "The owner of CSH_FRESHDESK__API_KEY may not see this." in answers["1"].reason
    assert answers["2"] == Company(str(company), "LEAP")


BROKEN = [
    Status(500),
    Status(503),
    Cut("before"),
    Cut("after"),
    Cut("after", after_bytes=10),
    Garble("html"),
    Garble("empty"),
    Garble("truncated"),
    Rewrite(lambda _body: []),
    Rewrite(lambda _body: None),
]


@pytest.mark.parametrize("fault", BROKEN)
def test_a_passing_trouble_is_waited_out(desk: Desk, fault: Any) -> None:
    company = desk.service.add_company("LEAP")
    desk.service.add_ticket(1, company=company)
    desk.fault(fault, times=2)
    assert desk.ask("1") == {"1": Company(str(company), "LEAP")}
    assert len(desk.waits) == 2


@pytest.mark.parametrize("fault", BROKEN)
def test_a_help_desk_that_stays_down_is_no_unknown_ticket_and_is_soon_left_alone(desk: Desk, fault: Any) -> None:
    for number in range(1, 10):
        desk.service.add_ticket(number, company=desk.service.add_company("LEAP"))
    desk.fault(fault)
    answers = desk.ask(*(str(number) for number in range(1, 10)))
    assert {type(answer) for answer in answers.values()} == {NoAnswer}
    assert len(desk.asked()) == 3 * 5


def test_one_ticket_that_always_fails_does_not_hide_the_others(desk: Desk) -> None:
    company = desk.service.add_company("LEAP")
    for number in range(1, 7):
        desk.service.add_ticket(number, company=company)
    desk.fault(Status(500), path="/tickets/[135]$|/tickets/[135]\\?")
    answers = desk.ask(*(str(number) for number in range(1, 7)))
    assert [number for number, answer in answers.items() if isinstance(answer, Company)] == ["2", "4", "6"]


@pytest.mark.parametrize(
    "odd",
    [{"company_id": "LEAP"}, {"company_id": True}, {"company_id": [1]}, {"company_id": None, "requester_id": "../x"}],
)
def test_an_odd_id_is_no_answer_and_nothing_is_asked_for_with_it(desk: Desk, odd: dict[str, Any]) -> None:
    desk.service.add_ticket(1, company=desk.service.add_company("LEAP"))
    desk.fault(Rewrite(lambda body: body | odd))
    (answer,) = desk.ask("1").values()
    assert isinstance(answer, NoAnswer)
    assert "odd value" in answer.reason
    assert desk.asked() == ["/tickets/1"]


@pytest.mark.parametrize(("headers", "least"), [({"Retry-After": "7"}, 7), ({}, 60), ({"Retry-After": "soon"}, 60)])
def test_a_429_is_waited_out(desk: Desk, headers: dict[str, str], least: float) -> None:
    desk.service.add_ticket(1, company=desk.service.add_company("LEAP"))
    desk.fault(Status(429, None, headers), times=1)
    assert isinstance(desk.ask("1")["1"], Company)
    assert least <= desk.waits[0] <= least + 1


def test_a_limit_that_would_last_hours_ends_the_asking(desk: Desk) -> None:
    desk.fault(Status(429, None, {"Retry-After": "3600"}))
    answers = desk.ask("1", "2")
    assert {type(answer) for answer in answers.values()} == {NoAnswer}
    assert (len(desk.asked()), desk.waits) == (1, [])


def test_an_address_where_nobody_listens_is_named_with_its_setting(desk: Desk) -> None:
    (answer,) = desk.ask("1", api_url="http://127.0.0.1:9").values()
    assert isinstance(answer, NoAnswer)
    assert "127.0.0.1:9 cannot be reached" in answer.reason
    assert "CSH_FRESHDESK__API_URL" in answer.reason


def test_a_help_desk_that_says_nothing_is_given_up_in_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.in_time_httpx.READ_TIMEOUT", 0.1)
    desk.fault(Hang(0.4))
    (answer,) = desk.ask("1").values()
    assert isinstance(answer, NoAnswer)
    assert "ReadTimeout" in answer.reason


@pytest.mark.parametrize("host", ["127.0.0.2", "127.0.0.1"])
def test_no_redirect_is_followed(desk: Desk, host: str) -> None:
    port = desk.sandbox.url.rpartition(":")[2]
    desk.fault(Status(302, None, {"Location": f"http://{host}:{port}/freshdesk/api/v2/tickets/2"}))
    (answer,) = desk.ask("1").values()
    assert isinstance(answer, NoAnswer)
    assert "redirect" in answer.reason
    assert desk.asked() == ["/tickets/1"]


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    desk.service.add_ticket(1, company=desk.service.add_company("LEAP"))
    assert isinstance(desk.ask("1")["1"], Company)


def test_a_key_that_an_answer_echoes_is_shown_nowhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    key = desk.service.token
    shown = base64.b64encode(f"{key}:X".encode()).decode()
    for words in (key, shown):
        placed = desk.fault(Status(302, words, {"Location": f"http://127.0.0.1/{words}"}))
        (answer,) = desk.ask("1").values()
        assert isinstance(answer, NoAnswer)
        assert words not in answer.reason
        desk.sandbox.faults.remove(placed)


def test_nothing_but_reading_is_ever_asked(desk: Desk) -> None:
    company = desk.service.add_company("LEAP")
    requester = desk.service.add_requester("Ana", "ana@example.org", company)
    desk.service.add_ticket(1, company=company)
    desk.service.add_ticket(2, requester=requester)
    desk.ask("1", "2", "3")
    assert {one.method for one in desk.sandbox.log.select("freshdesk")} == {"GET"}
    assert all(path.split("/")[1] in {"tickets", "contacts", "companies"} for path in desk.asked())
