"""When Airtable fails: what is repeated and after how long, and that a part is never taken for the whole."""

from __future__ import annotations

import time
import traceback
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connectors.addresses import is_loopback
from sandbox.core import Cut, Garble, Hang, Limit, Person, Rewrite, Status
from sync.errors import Denied, LimitReached, ServiceError, Transient

if TYPE_CHECKING:
    from tests.connectors.airtable.conftest import Office

BILLING = "PUBLIC_API_BILLING_LIMIT_EXCEEDED"
BROKEN = [
    Status(500),
    Status(502, "<html>bad gateway</html>"),
    Status(503, {"error": "RETRIABLE_ERROR"}),
    Status(504, when="after"),
    Cut("before"),
    Cut("after"),
    Cut("after", after_bytes=10),
    Garble("html"),
    Garble("empty"),
    Garble("truncated"),
    Rewrite(lambda _body: []),
    Rewrite(lambda _body: {}),
    Rewrite(lambda _body: {"records": None, "tables": None}),
    Rewrite(lambda _body: {"records": [None], "tables": [None]}),
    Rewrite(lambda _body: {"records": [{"fields": {}}], "tables": [{"id": "tbl1"}]}),
    Rewrite(lambda body: body | {"offset": 5, "tables": {}}),
]
NAMES = [f"{number} {type(one).__name__}" for number, one in enumerate(BROKEN)]


@pytest.mark.parametrize("fault", BROKEN, ids=NAMES)
def test_a_passing_trouble_is_waited_out_and_nothing_is_missing(office: Office, fault: Any) -> None:
    ids = office.contract()
    office.add("Activity", Key="I_1@unplaced")
    for path in ("/meta/", office.table("Projects"), office.table("Activity")):
        office.fault(fault, path=path, times=2)
    connector = office.connector()
    assert set(connector.read_contracts().projects) == {ids["Projects"]}
    assert set(connector.read_ledger().rows) == {"I_1@unplaced"}
    assert len(office.waits) == 3 * 2


@pytest.mark.parametrize("fault", BROKEN, ids=NAMES)
@pytest.mark.parametrize("table", ["Projects", "Activity"])
def test_a_table_that_stays_unreadable_is_no_empty_one(office: Office, fault: Any, table: str) -> None:
    office.contract()
    office.fault(fault, path=office.table(table))
    connector = office.connector()
    read = connector.read_ledger if table == "Activity" else connector.read_contracts
    with pytest.raises(Transient, match=f"^Airtable: read {table}: "):
        read()
    assert office.sent(path=office.table(table)) == 5


def test_a_schema_that_stays_unreadable_ends_the_reading(office: Office) -> None:
    office.fault(Garble("html"), path="/meta/")
    with pytest.raises(Transient, match="read the schema"):
        office.connector().read_ledger()


@pytest.fixture
def long_list(office: Office) -> Office:
    for number in range(610):
        office.add("Activity", Key=f"I_{number}@unplaced")
    return office


def test_a_trouble_on_page_3_of_7_is_repeated_on_that_page(long_list: Office) -> None:
    path = long_list.table("Activity")
    long_list.fault(Status(502), path=path, nth=3, times=1)
    assert len(long_list.connector().read_ledger().rows) == 610
    assert long_list.sent(path=path) == 7 + 1


def test_a_trouble_on_page_3_of_7_that_stays_is_no_short_list(long_list: Office) -> None:
    long_list.fault(Status(502), path=long_list.table("Activity"), nth=3)
    with pytest.raises(Transient):
        long_list.connector().read_ledger()


def test_an_expired_cursor_begins_the_listing_again(long_list: Office) -> None:
    path = long_list.table("Activity")
    long_list.fault(Person(long_list.service.listings.expire), path=path, nth=3, times=1)
    assert len(long_list.connector().read_ledger().rows) == 610
    assert long_list.sent(path=path) == 3 + 7


def test_an_offset_that_is_not_known_any_more_begins_the_listing_again(long_list: Office) -> None:
    path = long_list.table("Activity")
    long_list.fault(Rewrite(lambda body: body | {"offset": "itrOld/recOld"}), path=path, nth=2, times=1)
    assert len(long_list.connector().read_ledger().rows) == 610


def test_cursors_that_always_expire_end_the_reading(long_list: Office) -> None:
    path = long_list.table("Activity")
    long_list.fault(Person(long_list.service.listings.expire, "after"), path=path)
    with pytest.raises(Transient, match="expired again and again"):
        long_list.connector().read_ledger()
    assert long_list.sent(path=path) == 3 * 2


def test_a_listing_that_leads_round_in_circles_ends(office: Office) -> None:
    office.fault(Status(200, {"records": [], "offset": "again"}), path=office.table("Activity"))
    with pytest.raises(Transient, match="again and again"):
        office.connector().read_ledger()
    assert office.sent(path=office.table("Activity")) == 2


def test_a_column_that_vanishes_while_the_base_is_read_ends_the_reading(office: Office) -> None:
    office.fault(Person(lambda: office.service.delete_field("Projects", "Clause"), "after"), path="/meta/", times=1)
    with pytest.raises(Transient, match="UNKNOWN_FIELD_NAME") as caught:
        office.connector().read_contracts()
    assert "next run" in caught.value.remedy


# Limits.


@pytest.mark.parametrize("body", ["error", "errors"])
def test_a_429_is_waited_out_for_the_whole_lock_out(office: Office, body: Any) -> None:
    office.service.options.rate_limit_body = body
    refusal = (
        {"error": {"type": "RATE_LIMIT_REACHED"}} if body == "error" else {"errors": [{"error": "RATE_LIMIT_REACHED"}]}
    )
    office.fault(Status(429, refusal), path="/meta/", times=2)
    office.connector().read_contracts()
    assert len(office.waits) == 2
    assert all(31 <= wait <= 32 for wait in office.waits)


@pytest.mark.parametrize(("header", "least"), [("7", 31), ("45", 45), ("soon", 31), ("-3", 31)])
def test_a_longer_wait_that_airtable_asks_for_is_kept(office: Office, header: str, least: float) -> None:
    office.fault(Status(429, {}, {"Retry-After": header}), path="/meta/", times=1)
    office.connector().read_contracts()
    assert least <= office.waits[0] <= least + 1


def test_nothing_is_asked_within_a_lock_out(office: Office) -> None:
    """The played lock-out lasts 0.3 s and begins anew with each request in it; real time, a hundredth as long."""
    ids = office.contract()
    office.sandbox.faults.add(Limit(2, 0.2, 0.3, "none", polling_extends=True), service="airtable")

    def sleep(seconds: float) -> None:
        office.waits.append(seconds)
        time.sleep(seconds / 100)

    contracts = office.connector(sleep=sleep).read_contracts()
    assert set(contracts.allocations) == {ids["Allocations"]}
    limited = [one for one in office.sandbox.log.select("airtable") if one.outcome == "limited"]
    assert 1 <= len(limited) == len(office.waits) <= 3


def test_own_requests_stay_below_five_a_second(office: Office) -> None:
    office.contract()
    office.sandbox.faults.add(Limit(5, 1.0, 30, "none"), service="airtable")
    connector = office.connector(requests_per_second=4)
    connector.read_contracts()
    connector.read_ledger()
    assert office.waits == []
    assert office.sent() == 7


def test_a_storm_of_429_ends_the_reading_as_a_limit(office: Office) -> None:
    office.fault(Status(429), path="/meta/")
    with pytest.raises(LimitReached):
        office.connector().read_contracts()
    assert sum(office.waits) <= 120


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"type": BILLING, "message": "upgrade"}},
        {"errors": [{"error": BILLING, "message": "upgrade"}]},
        {"error": BILLING},
    ],
)
def test_a_plan_whose_calls_are_used_up_is_denied_at_once_by_name(office: Office, body: Any) -> None:
    office.fault(Status(429, body, {"Retry-After": "30"}), path=office.table("Communities"))
    with pytest.raises(Denied, match=BILLING) as caught:
        office.connector().read_contracts()
    assert "billing cycle" in caught.value.remedy
    assert office.waits == []


def test_a_plan_whose_calls_are_used_up_still_shows_its_schema_and_writes_nothing(office: Office) -> None:
    connector = office.ready()
    office.service.options.billing_limit_reached = True
    with pytest.raises(Denied, match=BILLING):
        connector.write_rows(office.write(office.row()))
    with pytest.raises(Denied, match=BILLING):
        connector.read_contracts()
    assert office.waits == []


# What cannot be reached, and where the token goes.


def test_an_address_where_nobody_listens_is_named_with_its_setting(office: Office) -> None:
    with pytest.raises(Transient) as caught:
        office.connector(api_url="http://127.0.0.1:9").read_contracts()
    assert "127.0.0.1:9 cannot be reached" in str(caught.value)
    assert "CSH_AIRTABLE__API_URL" in str(caught.value)
    assert len(office.waits) == 4


def test_a_server_that_does_not_speak_tls_is_told(office: Office) -> None:
    with pytest.raises(Transient, match="SSLError"):
        office.connector(api_url=office.sandbox.url.replace("http://", "https://")).read_contracts()


def test_a_server_that_says_nothing_is_given_up_in_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.airtable_api.READ_TIMEOUT", 0.2)
    office.fault(Hang(0.6), path="/meta/")
    with pytest.raises(Transient, match="ReadTimeout"):
        office.connector().read_contracts()


@pytest.mark.parametrize("method", ["GET", "PATCH"])
@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_no_redirect_is_followed_to_another_host_or_the_same(office: Office, code: int, method: str) -> None:
    port = office.sandbox.url.rpartition(":")[2]
    connector = office.ready()
    before = office.sent()
    for host in ("127.0.0.2", "127.0.0.1"):
        office.fault(Status(code, None, {"Location": f"http://{host}:{port}/airtable/v0/meta/whoami"}))
        with pytest.raises(Transient, match="redirect"):
            connector.read_ledger() if method == "GET" else connector.write_rows(office.write(office.row()))
        office.sandbox.faults.clear()
    assert office.sent() == before + 2


def test_a_netrc_of_the_person_does_not_take_the_place_of_the_token(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\ndefault login x password y\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setattr("connectors.airtable_api.is_loopback", lambda _address: False)
    office.contract()
    assert office.connector().read_contracts().communities


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    office.contract()
    assert office.connector().read_contracts().communities


@pytest.mark.parametrize(
    ("address", "is_it"),
    [
        ("http://127.0.0.1:80/x", True),
        ("http://127.0.0.2", True),
        ("http://[::1]:8", True),
        ("http://localhost:1", True),
        ("https://api.airtable.com", False),
        ("https://127.0.0.1.example.org", False),
        ("https://10.0.0.1", False),
    ],
)
def test_this_machine_is_told_from_others(address: str, is_it: bool) -> None:
    assert is_loopback(address) is is_it


# Secrets.


@pytest.mark.parametrize("code", [401, 403, 422, 500])
def test_a_token_that_an_answer_echoes_is_shown_nowhere(office: Office, code: int) -> None:
    token = office.service.token
    office.fault(Status(code, {"error": {"type": "ECHO", "message": f"Bearer {token}"}}))
    with pytest.raises(ServiceError) as caught:
        office.connector().read_contracts()
    assert token not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "Bearer ***" in str(caught.value)


def test_a_token_that_no_header_can_carry_is_not_shown_by_what_refuses_it(office: Office) -> None:
    part = uuid.uuid4().hex
    with pytest.raises(ServiceError) as caught:
        office.connector(token=f"pat{part}\n{part}").read_contracts()
    assert part not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)
