"""Laws of the clause reader: it agrees with rendering, never raises, and names exact places."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from sync.hours.clauses.reading import read_clause
from sync.hours.clauses.rendering import render_clause
from sync.model.clause import Anchor, ClauseReading, Period, Rate

ROLES = ("", "P&S team", "Docs Lead", "Community Manager", "Jane Miller", "infrastructure engineers")
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "CHF", "AUD")
WORDS = (
    "up to", "8", "four", "hours", "h", "1h30", "/", "quarter", "per", "month", "-", "6", "by", "team", "$250", "reset",
    "Jan 1", "additional", "max", "(", ")", ".", ",", "\n- ", "days", "%", "term", "over the", "not",
    "\u20ac", "1,5", "2\u00bd",
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))


@st.composite
def readings(draw):
    period = draw(st.sampled_from((None, *Period)))
    anchored = period not in {None, Period.TERM}
    rates = st.builds(
        Rate, st.decimals(Decimal("0.01"), Decimal(9999), places=2, allow_nan=False), st.sampled_from(CURRENCIES)
    )
    minutes = draw(st.none() | st.integers(1, 168 * 60))
    return ClauseReading(
        minutes=minutes,
        period=period,
        anchor=draw(st.sampled_from((None, *Anchor))) if anchored else None,
        role=draw(st.sampled_from(ROLES)),
        extra_minutes=draw(st.none() | st.integers(1, 6000)),
        rate=draw(st.none() | rates),
    )


def values(one):
    return (one.minutes, one.period, one.anchor, one.role, one.extra_minutes, one.rate)


@example(ClauseReading(extra_minutes=7))
@example(ClauseReading(minutes=1))
@given(readings())
def test_reading_what_was_rendered_gives_the_same_values(reading):
    assert values(read_clause(render_clause(reading))) == values(reading)


@given(TEXTS)
def test_no_text_raises_and_every_value_names_its_words(text):
    found = read_clause(text)
    filled = {
        name
        for name in ("minutes", "period", "anchor", "role", "extra_minutes", "rate")
        if getattr(found, name) not in {None, ""}
    }
    assert set(found.spans) == filled
    assert all(text[one.start : one.end] == one.text != "" for one in found.spans.values())
    assert found.minutes is not None or found.questions


@given(readings(), st.sampled_from(" \u00a0\u2009\n\t"), st.sampled_from("/\u2215\u2044"), st.booleans())
def test_blanks_case_and_slashes_change_nothing(reading, blank, slash, upper):
    text = render_clause(reading)
    other = text.replace(" ", blank * 2).replace("/", slash)
    found = read_clause(other.upper() if upper else other)
    expected = values(read_clause(text))
    assert (*values(found)[:3], found.role.lower(), *values(found)[4:]) == (
        *expected[:3], expected[3].lower(), *expected[4:],
    )  # fmt: skip
