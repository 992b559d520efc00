"""Ticket numbers come from exactly the configured host (fault I15)."""

import pytest

from mappings.matching.tickets import tickets_in
from tests.mappings.matching_cases import HOST

SEEN = [
    f"https://{HOST}/a/tickets/7",
    f"http://{HOST}/a/tickets/7",
    f"https://{HOST}/helpdesk/tickets/7",
    f"https://{HOST}/support/tickets/7",
    f"https://{HOST}/a/tickets/7/",
    f"https://{HOST}/a/tickets/7?note=1",
    f"https://{HOST}/a/tickets/7#reply",
    f"https://{HOST}/a/tickets/007",
    f"https://{HOST}:443/a/tickets/7",
    f"http://{HOST}:80/a/tickets/7",
    f"HTTPS://{HOST.upper()}/a/tickets/7",
    f"(https://{HOST}/a/tickets/7).",
    f"Ticket:https://{HOST}/a/tickets/7, thanks",
    f"<https://{HOST}/a/tickets/7>",
    f"**https://{HOST}/a/tickets/7**",
    f"[words](https://{HOST}/a/tickets/7)",
    f'[words](https://{HOST}/a/tickets/7 "title")',
    f"[words][1]\n\n[1]: https://{HOST}/a/tickets/7",
    f'<a href="https://{HOST}/a/tickets/7">words</a>',
    f"<details>\n<summary><a href='https://{HOST}/a/tickets/7'>x</a></summary>\n</details>",
    f"| ticket |\n|---|\n| https://{HOST}/a/tickets/7 |",
    f"- [ ] https://{HOST}/a/tickets/7",
    f"> https://{HOST}/a/tickets/7",
]

REFUSED = [
    f"https://{HOST}.evil.tld/a/tickets/7",
    f"https://evil{HOST}/a/tickets/7",
    f"https://evil.{HOST}/a/tickets/7",
    f"https://{HOST}@evil.tld/a/tickets/7",
    f"https://evil.tld@{HOST}/a/tickets/7",
    f"https://user:word@{HOST}/a/tickets/7",
    f"https://@{HOST}/a/tickets/7",
    f"https://{HOST}:8443/a/tickets/7",
    f"https://{HOST}:80/a/tickets/7",
    f"http://{HOST}:443/a/tickets/7",
    f"https://{HOST}:/a/tickets/7",
    f"https://{HOST}./a/tickets/7",
    f"https://{HOST}\\@evil.tld/a/tickets/7",
    f"https:\\\\{HOST}/a/tickets/7",
    "https://exаmple.freshdesk.com/a/tickets/7",
    "https://example。freshdesk。com/a/tickets/7",
    "[words](https://example。freshdesk。com/a/tickets/7)",
    "https://example.freshdes\u212a.com/a/tickets/7",
    "https://ｅxample.freshdesk.com/a/tickets/7",
    "https://xn--exmple-4nf.freshdesk.com/a/tickets/7",
    "https://example.freshdesk.con/a/tickets/7",
    "https://freshdesk.com/example/a/tickets/7",
    f"https://evil.tld/{HOST}/a/tickets/7",
    f"https://evil.tld/https://{HOST}/a/tickets/7",
    f"https://evil.tld/?to=https://{HOST}/a/tickets/7",
    f"evil.tld/?to=https://{HOST}/a/tickets/7",
    f"https://evil.tld#https://{HOST}/a/tickets/7",
    f"ftp://{HOST}/a/tickets/7",
    f"javascript:https://{HOST}/a/tickets/7",
    f"view-source:https://{HOST}/a/tickets/7",
    f"//{HOST}/a/tickets/7",
    f"{HOST}/a/tickets/7",
    f"[words](//{HOST}/a/tickets/7)",
    f"xhttps://{HOST}/a/tickets/7",
    f"https://{HOST}/a/tickets/compose-email",
    f"https://{HOST}/helpdesk/tickets/new",
    f"https://{HOST}/helpdesk/tickets/view/7",
    f"https://{HOST}/a/tickets/7x",
    f"https://{HOST}/a/tickets/7-8",
    f"https://{HOST}/a/tickets/0",
    f"https://{HOST}/a/tickets/-7",
    f"https://{HOST}/a/tickets/٧",
    f"https://{HOST}/a/tickets/" + "7" * 40,
    f"https://{HOST}/a/tickets/7/../8",
    f"https://{HOST}/a/contacts/7",
    f"https://{HOST}/b/a/tickets/7",
    f"https://{HOST}/A/tickets/7",
    f"https://{HOST}/a/tickets/%37",
    f"`https://{HOST}/a/tickets/7`",
    f"```\nhttps://{HOST}/a/tickets/7\n```",
    f"    https://{HOST}/a/tickets/7",
    f"<!-- https://{HOST}/a/tickets/7 -->",
    f"<code>https://{HOST}/a/tickets/7</code>",
    f"![words](https://{HOST}/a/tickets/7)",
    "https://[::1]:bad/a/tickets/7",
    "https://127.0.0.1/a/tickets/7",
    "https:///a/tickets/7",
]


@pytest.mark.parametrize("text", SEEN)
def test_an_address_of_a_ticket_on_our_host_is_seen(text):
    assert tickets_in(text, HOST) == ("7",)


@pytest.mark.parametrize("text", REFUSED)
def test_what_only_looks_like_one_is_refused(text):
    assert tickets_in(text, HOST) == ()


def test_each_ticket_once_our_own_before_quoted_ones():
    text = f"> https://{HOST}/a/tickets/3\n\nhttps://{HOST}/a/tickets/2 https://{HOST}/a/tickets/1 and "
    assert tickets_in(text + f"https://{HOST}/support/tickets/2", HOST) == ("2", "1", "3")


def test_a_host_with_a_port_is_met_by_that_port_only():
    text = "http://127.0.0.1:8803/a/tickets/1 http://127.0.0.1/a/tickets/2 http://127.0.0.1:88/a/tickets/3"
    assert tickets_in(text, "127.0.0.1:8803") == ("1",)
