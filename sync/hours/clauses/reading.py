"""From a clause to its reading: every value with the words it came from, a question where the words are vague."""

import re

from sync.hours.clauses.amounts import EXTRA, Amount, Meaning, amounts, sentence_before, sentences
from sync.hours.clauses.rates import money, prices
from sync.hours.clauses.repeats import Mention, in_reset, mentions, named_anchors, reset_at_start, vague_period
from sync.hours.clauses.resets import STARTS, reset_days
from sync.hours.clauses.roles import roles
from sync.hours.clauses.text import Plain, plain
from sync.model.clause import Anchor, ClauseReading, Period, Rate, Span

CAPPED = re.compile(r"(?:up to|max\w*(?: of)?|capped at) ?$")
LONGEST = {Period.WEEK: 168, Period.MONTH: 744, Period.QUARTER: 2208, Period.HALF_YEAR: 4416, Period.YEAR: 8784}
"""Hours that the longest period of each kind has."""
SAME = re.compile(r",? ?\(?(?:=|i\.e\.,?|that is,?|equals|or)? ?")
ROLLS_OVER = re.compile(
    r"\b(?:carr(?:y|ied|ies) (?:over|forward)|roll(?:s|ed)?[ -]?(?:over|forward)|accumulat\w+|carry-?over)\b"
)
NO_ROLL_OVER = re.compile(
    r"\b(?:no|not|never|nor|cannot|without|expire\w*|lost|forfeit\w*|(?:do|does|will|wo|is|are)n't)\b"
)
LONGEST_CLAUSE = 4000
"""Letters of a text that is still a clause; a whole contract names too many hours to be read without a person."""
PLURAL = {Period.WEEK: "weeks", Period.MONTH: "months", Period.QUARTER: "quarters",
          Period.HALF_YEAR: "half-years", Period.YEAR: "years"}  # fmt: skip


def read_clause(text: str) -> ClauseReading:
    """Return what *text* says about hours. Never raises: what is not plain becomes a question for a person."""
    if len(text) > LONGEST_CLAUSE:
        return ClauseReading(
            questions=(f"Which sentences speak of hours? More than {LONGEST_CLAUSE} letters are not read.",)
        )
    return _Reader(plain(text)).reading()


class _Reader:
    """Reads one clause; collects spans and questions on the way."""

    def __init__(self, source: Plain) -> None:
        self.source = source
        self.text = source.text
        self.spans: dict[str, Span] = {}
        self.questions: list[str] = []
        self.anchor_question = ""
        found = list(amounts(self.text))
        self.promised = [one for one in found if one.meaning is Meaning.PROMISED]
        self.extra = [one for one in found if one.meaning is Meaning.EXTRA]

    def reading(self) -> ClauseReading:
        """Return the reading."""
        role = self._role()
        minutes = self._minutes()
        named = [one for one in mentions(self.text) if self._is_promise(one.start)]
        period = self._period(named)
        if minutes is not None and period in LONGEST and minutes > 60 * LONGEST[period]:
            minutes = None
            self.spans.pop("minutes", None)
            self.questions.append(f"There are more hours promised than a {period.value} has: what is the number?")
        anchor = self._anchor(named, period)
        extra = self._extra_minutes(period)
        rate = self._rate()
        self._ask_about_roll_over()
        return ClauseReading(
            minutes, period, anchor, role, extra, rate, self.spans, tuple(self.questions), self.anchor_question
        )

    def _words(self, one: Amount | Mention) -> str:
        return self.source.span(one.start, one.end).text

    def _note(self, name: str, start: int, end: int) -> None:
        self.spans[name] = self.source.span(start, end)

    def _is_extra(self, place: int) -> bool:
        """Say whether *place* stands behind words such as "additional" in its sentence."""
        return EXTRA.search(sentence_before(self.text[:place])) is not None

    def _is_promise(self, place: int) -> bool:
        """Say whether the sentence at *place* promises hours or lets them reset; "reports each quarter" does not."""
        if self._is_extra(place):
            return False
        if self.text.startswith("period:", place):
            return True
        start, end = next(one for one in sentences(self.text) if one[0] <= place < one[1])
        hours = any(start <= one.start < end for one in self.promised)
        return hours or not self.promised or re.search(r"\breset|\breplenish", self.text[start:end]) is not None

    def _minutes(self) -> int | None:
        for one in self.promised:
            if one.minutes is None:
                self.questions.append(f'"{self._words(one)}" {one.doubt}: how many hours are promised at most?')
                return None
        if not self.promised:
            self.questions.append(self._missing())
            return None
        if len(self.promised) > 1 and not self._says_it_twice():
            told = " and ".join(f'"{self._words(one)}"' for one in self.promised)
            self.questions.append(f"The clause names {told}: which hours are promised, or do they add up?")
            return None
        only = self.promised[0]
        self._note("minutes", only.start, only.end)
        return only.minutes

    def _says_it_twice(self) -> bool:
        """Say whether the second amount is the first one in other words: "8 hours (480 minutes)"."""
        first, second, *more = self.promised
        between = self.text[first.end : second.start]
        return not more and first.minutes == second.minutes and SAME.fullmatch(between) is not None

    def _missing(self) -> str:
        days = re.search(r"(?<![\w.,])[\w.,]+ ?(?:a |person-|man-|working )?days?\b", self.text)
        if days:
            words = self.source.span(*days.span()).text
            return f'How many hours are promised? ("{words}" is not in hours: how many hours has a day?)'
        return "How many hours are promised at most?"

    def _period(self, named: list[Mention]) -> Period | None:
        vague = vague_period(self.text)
        if vague:
            self.questions.append(f'"{self.source.span(*vague.span()).text}": for which period are the hours promised?')
            return None
        repeated = [one for one in named if one.period is not Period.TERM]
        if repeated and named[0].period is not Period.TERM:
            named = repeated  # "8 hours per quarter for the duration of the agreement"
        kinds = {one.period for one in named}
        if len(kinds) > 1:
            told = " and ".join(dict.fromkeys(f'"{self._words(one).strip()}"' for one in named))
            self.questions.append(f"The clause names {told}: for which period are the hours promised?")
            return None
        if named:
            self._note("period", named[0].start, named[0].end)
            return named[0].period
        days = reset_days(self.text)
        implied = next((period for period, starts in STARTS.items() if days and days.days == starts), None)
        if days and implied in {Period.QUARTER, Period.HALF_YEAR}:
            self._note("period", days.start, days.end)
            return implied
        self.questions.append("For which period are the hours promised: month, quarter, year, or the whole term?")
        return None

    def _anchor(self, named: list[Mention], period: Period | None) -> Anchor | None:
        if period is None or period is Period.TERM:
            return None
        plural = PLURAL[period]
        ask = f"Are these calendar {plural}, or {plural} from the contract's start?"
        found = {one.anchor: (one.start, one.end) for one in named if one.anchor}
        found = named_anchors(self.text) | found
        odd = next((one for one in named if one.odd), None)
        at_start = reset_at_start(self.text)
        if at_start:
            found[Anchor.CONTRACT] = at_start.span()
        first = re.search(r"\b(?:on|at) the (?:1st|first)(?: day)? of (?:each|every|the) month\b", self.text)
        if first and period is Period.MONTH and in_reset(self.text, first.start()):
            found[Anchor.CALENDAR] = first.span()
        days = reset_days(self.text)
        if days and days.days == STARTS.get(period):
            found[Anchor.CALENDAR] = (days.start, days.end)
        elif days:
            words = self.source.span(days.start, days.end).text
            self._ask_anchor(f'Hours reset on "{words}", which are not the first days of calendar {plural}: {ask}')
            return None
        if odd:
            self._ask_anchor(f'On which day do the {plural} of "{self._words(odd).strip()}" begin? {ask}')
            return None
        if len(found) != 1:
            self._ask_anchor(ask)
            return None
        [(anchor, place)] = found.items()
        self._note("anchor", *place)
        return anchor

    def _ask_anchor(self, question: str) -> None:
        self.anchor_question = question
        self.questions.append(question)

    def _role(self) -> str:
        places = [place for place in roles(self.text) if not self._is_extra(place[0])]
        names = dict.fromkeys(self.text[start:end] for start, end in places)
        if len(names) > 1:
            told = " and ".join(f'"{self.source.span(*place).text}"' for place in places)
            self.questions.append(f"The clause names {told}: who delivers the hours?")
            return ""
        if not places:
            return ""
        if re.search(r" (?:and|or) (?:the|our|by) ", self.text[slice(*places[0])]):
            words = self.source.span(*places[0]).text
            self.questions.append(f'Are the hours for "{words}" together, or for each?')
        self._note("role", *places[0])
        return " ".join(self.spans["role"].text.split())

    def _extra_minutes(self, period: Period | None) -> int | None:
        if not self.extra:
            if re.search(r"(?:up to|max\w*(?: of)?) ?(?:[$\u20ac\u00a3]|[0-9]+ ?%)", self.text):
                self.questions.append("How many additional hours can be bought at most?")
            return None
        told = {one.minutes for one in self.extra}
        others = [
            one for one in mentions(self.text) if self._is_extra(one.start) and one.period not in {period, Period.TERM}
        ]
        if None in told or len(told) > 1 or others:
            words = " and ".join(f'"{self._words(one)}"' for one in self.extra)
            self.questions.append(f"How many additional hours can be bought at most in each period? ({words})")
            return None
        self._note("extra_minutes", self.extra[0].start, self.extra[0].end)
        return told.pop()

    def _rate(self) -> Rate | None:
        found = list(prices(self.text))
        if not found:
            if any(self._is_extra(start) and not CAPPED.search(self.text[:start]) for start, _ in money(self.text)):
                self.questions.append("What does one additional hour cost, in which currency?")
            return None
        told = {one.rate for one in found}
        if None in told or len(told) > 1:
            self.questions.append("What does one additional hour cost, in which currency?")
            return None
        if not EXTRA.search(self.text):
            self.questions.append("Is the price per hour for additional hours, or for those promised?")
            return None
        self._note("rate", found[0].start, found[0].end)
        return told.pop()

    def _ask_about_roll_over(self) -> None:
        """Hours of a period end with it; a clause that says otherwise is a person's to settle."""
        for found in ROLLS_OVER.finditer(self.text):
            start, end = next(one for one in sentences(self.text) if one[0] <= found.start() < one[1])
            if not NO_ROLL_OVER.search(self.text[start:end]):
                words = self.source.span(*found.span()).text
                self.questions.append(f'"{words}": unused hours end with their period here; was something else agreed?')
                return
