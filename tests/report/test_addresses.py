"""Addresses that may become links, and what they are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.report.addresses import label, web_addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/acme/hub/issues/812",
        "http://127.0.0.1:8800/x",
        "HTTPS://a.example/?q=1&b=%20#part",
        "https://app.asana.com/0/1/2/f",
        "https://a.example",
    ],
)
def test_an_address_of_the_web_is_one(address: str) -> None:
    assert web_addresses((address, "", address)) == (address,)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "acme/hub#812",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/",
        "//a.example/",
        "https://",
        "https:///path",
        "https://user:word@a.example/",
        "https://user@a.example/",
        "https://a.example/ x",
        "https://a.example/\n",
        "https://a.example/|x",
        "https://a.example/<x>",
        'https://a.example/"x',
        "https://a.example/`x`",
        "https://a.example/\\x",
        "https://bücher.example/",
        "https://a.example/\u202e",
        "https://a.example:99999/",
        "https://a.example:port/",
        "https://[::1/",
        f"https://a.example/{'x' * 1500}",
    ],
)
def test_anything_else_is_no_link(address: str) -> None:
    assert web_addresses((address,)) == ()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/acme/hub/issues/812", "GitHub #812"),
        ("https://www.github.com/acme/hub/pull/7", "GitHub #7"),
        ("https://github.com/acme/hub", "GitHub"),
        ("https://app.asana.com/0/1/2", "Asana"),
        ("https://airtable.com/app1/tbl1/rec1", "Airtable"),
        ("https://acme.freshdesk.com/a/tickets/218", "FreshDesk #218"),
        ("https://github.com.evil.example/issues/1", "github.com.evil.example #1"),
        ("https://my_host/", "Link"),
    ],
)
def test_a_link_has_a_name(address: str, name: str) -> None:
    assert label(address) == name


@given(st.text(max_size=30).map(lambda text: f"https://{text}"))
def test_a_name_holds_nothing_that_is_markup_anywhere(address: str) -> None:
    for one in web_addresses((address,)):
        assert not set(label(one)) & set("<>|*_~`[]()&@\\")
