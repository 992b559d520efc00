"""Own words that cannot be used are refused before anything is asked of a service: by name, with what to do."""

import pytest

from sync.errors import SettingsError
from sync.model.wording import TEXTS, USUAL, filled, parts, trouble_with
from sync.settings import load_settings
from sync.settings.wording import WordingSettings

NEEDED = {
    "CSH_GITHUB__TOKEN": "ghp_0123456789abcdef",
    "CSH_GITHUB__ORG": "acme",
    "CSH_ASANA__TOKEN": "1/123:abcdef",
    "CSH_ASANA__WORKSPACE": "1",
    "CSH_ASANA__HOME_PROJECT": "2",
    "CSH_ASANA__PORTFOLIO": "3",
    "CSH_AIRTABLE__TOKEN": "patabc.def",
    "CSH_AIRTABLE__BASE": "app1",
}
BAD = [
    (
        "source_line",
        "Mirrored.",
        f'lacks {{issue}}; the usual words show where it stands: "{USUAL.source_line}".',
    ),
    ("source_line", "From {issue} and {issue}", "may hold only one {issue}; the usual words show where it stands"),
    (
        "source_line",
        "From {isue}",
        "has a placeholder {isue} that nothing fills in; perhaps {issue} is meant.",
    ),
    ("source_line", "From {issue} by {people}", "nothing fills in; it may have {issue}."),
    ("source_line", "From {issue}\nor so", "must be one line."),
    ("source_line", "From {issue} " + "x" * 200, "is too long, 213 characters; 200 are allowed."),
    ("source_line", "From {issue} }", "has a brace that belongs to no placeholder; it may have {issue}."),
    ("source_line", "From {issue} {", "has a brace that belongs to no placeholder"),
    ("source_line", "From {{issue}}", "has a brace that belongs to no placeholder"),
    ("source_line", "From \u202e{issue}", "holds a sign that nobody sees (U+202E); take it out."),
    ("source_line", "From\u200b {issue}", "holds a sign that nobody sees (U+200B); take it out."),
    ("no_hours_left", "Ask {role} first", "has a placeholder {role} that nothing fills in; it has none."),
    ("no_hours_left", "Ask {} first", "has a placeholder {} that nothing fills in; it has none."),
    ("no_hours_left", "…", "says nothing; leave it out for the usual words."),
    ("high", "x" * 61, "is too long, 61 characters; 60 are allowed."),
    ("notification", "For {role}", "lacks {counts}; the usual words show"),
    ("initiative", "x" * 2001, "is too long, 2001 characters; 2000 are allowed."),
    ("initiative", "Until {ende}", "has a placeholder {ende} that nothing fills in; perhaps {end} is meant."),
]


@pytest.mark.parametrize(("name", "text", "told"), BAD)
def test_own_words_that_cannot_be_used_are_refused_by_name_with_what_to_do(name: str, text: str, told: str) -> None:
    variable = f"CSH_WORDING__{name.upper()}"
    with pytest.raises(SettingsError) as refused:
        load_settings({**NEEDED, variable: text}, None)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{variable}: ")
    assert told in problem


def test_all_that_is_wrong_is_told_at_once_and_a_name_that_is_none_too() -> None:
    odd = {"CSH_WORDING__SOURCE_LINE": "Mirrored", "CSH_WORDING__HIGH": "{x}", "CSH_WORDING__SORCE_LINE": "{issue}"}
    with pytest.raises(SettingsError) as refused:
        load_settings({**NEEDED, **odd}, None)
    assert [one.partition(":")[0] for one in sorted(refused.value.problems)] == sorted(odd)
    assert any("Did you mean CSH_WORDING__SOURCE_LINE?" in one for one in refused.value.problems)


@pytest.mark.parametrize("name", TEXTS)
def test_every_usual_text_is_one_that_could_be_set(name: str) -> None:
    assert trouble_with(name, getattr(USUAL, name)) == ""
    assert name in WordingSettings.model_fields


def test_without_own_words_the_usual_ones_are_used() -> None:
    assert load_settings(NEEDED, None).wording.wording == USUAL
    assert load_settings({**NEEDED, "CSH_WORDING__HIGH": " "}, None).wording.wording == USUAL
    assert load_settings({**NEEDED, "CSH_WORDING__HIGH": " Now "}, None).wording.wording.high == "Now"


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    assert filled("{a} and {b}", a="{b}", b="{a}") == "{b} and {a}"
    assert list(parts("{a}x")) == [(False, "a"), (True, "x")]
