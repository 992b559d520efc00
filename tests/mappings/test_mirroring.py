"""Which issue a placeholder stands for: the line, its spellings, and what is no evidence."""

import pytest

from mappings.mirroring import Named, mirrored_issues

SEVEN = "https://github.com/acme/hub/issues/7"


def named(body: str) -> list[str]:
    return [one.address or f"? {one.words}" for one in mirrored_issues(body, "acme/docs")]


@pytest.mark.parametrize(
    "body",
    [
        f"Mirrors: {SEVEN}",
        f"mirrors : {SEVEN}/",
        f"Some words.\n\nMirrors: {SEVEN}\nMore words.",
        f"Some words\nMirrors: {SEVEN}#issuecomment-1.",
        f"**Mirrors:** <{SEVEN}>",
        f"- [ ] Mirrors: [the real one]({SEVEN})",
        f"Mirrors: [{SEVEN}]({SEVEN})",
        f'<p>Mirrors: <a href="{SEVEN}">seven</a></p>',
        "Mirrors: acme/hub#7",
        "Mirrors: acme/hub#7 (it has another parent)",
        f"Mirrors: {SEVEN}\n\nMirrors: acme/hub#7",
        f"Mirrors: {SEVEN}?a=b  \nand a line",
        "Mirrors: github.com/acme/hub/issues/7",
        f"This one mirrors: nothing.\n\nMirrors: {SEVEN}",
        f"Mirrors: mirrors\nMirrors: {SEVEN}\n",
    ],
)
def test_a_line_names_the_issue(body: str) -> None:
    assert SEVEN in named(body)
    assert [one for one in named(body) if not one.startswith("?")] == [SEVEN]


def test_a_number_alone_is_of_the_own_repository_and_names_are_kept_as_written() -> None:
    assert mirrored_issues("Mirrors: #12", "acme/docs") == (Named("#12", "https://github.com/acme/docs/issues/12"),)


@pytest.mark.parametrize(
    "body",
    [
        f"> Mirrors: {SEVEN}",
        f"`Mirrors: {SEVEN}`",
        f"```\nMirrors: {SEVEN}\n```",
        f"    Mirrors: {SEVEN}",
        f"<!-- Mirrors: {SEVEN} -->",
        f"~~Mirrors: {SEVEN}~~",
        f"<code>Mirrors: {SEVEN}</code>",
        f"It mirrors: {SEVEN}",
        f"See the mirrors: {SEVEN}",
        "Mirrors: PyPI and conda are both down",
        "Mirrors:",
        "",
        "The mirrors of the telescope",
    ],
)
def test_what_is_no_such_line(body: str) -> None:
    assert named(body) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Mirrors: https://github.com/acme/hub/pull/7", "https://github.com/acme/hub/pull/7"),
        ("Mirrors: https://evil.example/acme/hub/issues/7", "https://evil.example/acme/hub/issues/7"),
        (
            "Mirrors: https://github.com.evil.example/acme/hub/issues/7",
            "https://github.com.evil.example/acme/hub/issues/7",
        ),
        ("Mirrors: hub-7", "hub-7"),
        ("Mirrors: [seven](other.md)", "other.md"),
    ],
)
def test_an_address_of_no_issue_is_told_as_written(body: str, words: str) -> None:
    assert mirrored_issues(body, "acme/docs") == (Named(words),)


def test_several_issues_are_all_named() -> None:
    assert named("Mirrors: acme/hub#7, acme/hub#8") == [SEVEN, "https://github.com/acme/hub/issues/8"]
    assert len(named(f"Mirrors: {SEVEN}\n\nMirrors: #7")) == 2


def test_a_huge_body_names_nothing_surely() -> None:
    assert named("Mirrors: " + "#7 " * 200_000) == []
