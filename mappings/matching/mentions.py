"""Where a text names communities, and what each mention weighs (design D7, "How words count")."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mappings.matching.addresses import address_zones, weight_in_path
from mappings.matching.capitals import CapitalsOfLines, opens
from mappings.matching.folding import EN_DASH, HYPHEN, readable, spelling
from mappings.matching.likeness import Likeness, Likenesses
from mappings.matching.names import Plain
from mappings.matching.passages import Passage, Weight, Zone
from mappings.matching.table import CommunityTable, Node
from mappings.matching.words import BLANK, Token, folded_tokens, is_word, tokens_of

_ODD_NEIGHBOURS = frozenset(f"@#$%=\\~^+&·<>{{}}{EN_DASH}")
"""Signs that may make another word of the name they touch."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a name stands or is meant: the communities it may mean, and what it weighs.

    *longer* are other communities of whose names it may be a part. *meant* tells that no name is written there, but
    something that differs in blanks and signs, or is only the beginning of one, by *score*.
    """

    start: int
    end: int
    community_ids: tuple[str, ...]
    text: str
    weight: Weight
    plain: Plain = Plain.NO
    longer: tuple[str, ...] = ()
    meant: bool = False
    score: float = 1.0

    def holds(self, other: "Mention | Likeness") -> bool:
        """Tell whether *other* stands inside this mention and is not the whole of it."""
        inside = self.start <= other.start and other.end <= self.end
        return inside and (self.start, self.end) != (other.start, other.end)


def mentions_in(passage: Passage, table: CommunityTable) -> tuple[Mention, ...]:
    """Return every place of *passage* where a name stands or is meant, with what it weighs."""
    text = passage.text
    written = list(_written(text, table))
    starts, ends = {one.start for one in written}, {one.end for one in written}
    addresses, lowered = _Places(address_zones(text)), _Places(passage.zones)
    placed = []
    for one in written:
        weights = [passage.weight, one.weight, weight_in_path(text, one.start, one.end, starts, ends)]
        weights += [zone.weight for zone in lowered.touching(one.start, one.end)]
        weights += [zone.weight for zone in addresses.touching(one.start, one.end) if not _covers(one, zone)]
        placed.append(replace(one, weight=min(weights)))
    likenesses = Likenesses(text, table)
    outer = _without_inner(placed)
    meant = list(likenesses.through_signs())
    return (*_weighed(text, outer, likenesses, meant), *_only_meant(text, outer, meant))


def _written(text: str, table: CommunityTable) -> Iterator[Mention]:
    """Return every place where a name stands in whole words, also inside longer ones, in order."""
    if text.isascii() and table.root.steps.keys().isdisjoint(folded_tokens(text)):
        return  # most texts name nobody, which is seen in less time than it takes to cut them into words
    tokens = tokens_of(text)
    for index, token in enumerate(tokens):
        node = table.root.steps.get(token.folded) if token.folded != BLANK else None
        place = index
        while node:
            if node.names and (mention := _whole(text, token, tokens[place], node)):
                yield mention
            place += 1
            node = node.steps.get(tokens[place].folded) if place < len(tokens) else None


def _whole(text: str, first: Token, last: Token, node: Node) -> Mention | None:
    """Return the mention unless its neighbours make another word of it, or it is a common word."""
    before, after = text[first.start - 1 : first.start] if first.start else "", text[last.end : last.end + 1]
    if any(sign and (sign == HYPHEN or is_word(sign)) for sign in (before, after)):
        return None
    written = text[first.start : last.end]
    spelled = spelling(written)
    names = [name for name in node.names if name.is_written(spelled)]
    if not names:
        return None
    odd = before == "." or before in _ODD_NEIGHBOURS or after in _ODD_NEIGHBOURS
    plain = Plain.NO if any(name.plain is Plain.NO for name in names) else names[0].plain
    ids = tuple(sorted({name.community_id for name in names}))
    return Mention(first.start, last.end, ids, spelled, Weight.DOUBTS if odd else Weight.DECIDES, plain)


class _Places:
    """Zones by their place, found without looking at all of them."""

    def __init__(self, zones: Iterable[Zone]) -> None:
        self._zones: list[Zone] = []
        for zone in sorted(zones, key=lambda zone: (zone.start, zone.end)):
            last = self._zones[-1] if self._zones else None
            if last and zone.start < last.end:
                self._zones[-1] = Zone(last.start, max(last.end, zone.end), min(last.weight, zone.weight))
            else:
                self._zones.append(zone)
        self._ends = [zone.end for zone in self._zones]

    def touching(self, start: int, end: int) -> Iterator[Zone]:
        """Return the zones that share a character with *start* to *end*."""
        place = bisect_right(self._ends, start)
        while place < len(self._zones) and self._zones[place].start < end:
            yield self._zones[place]
            place += 1


def _covers(mention: Mention, zone: Zone) -> bool:
    return mention.start <= zone.start and zone.end <= mention.end


def _without_inner(mentions: Iterable[Mention]) -> list[Mention]:
    """Leave out names inside a longer one. Where the longer one does not count, the inner one is in doubt."""
    kept: list[Mention] = []
    around: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        around = [one for one in around if one.end > mention.start]
        outer = [one for one in around if one.holds(mention)]
        if not any(one.weight >= mention.weight or one.community_ids == mention.community_ids for one in outer):
            doubted = min(mention.weight, Weight.DOUBTS) if outer else mention.weight
            kept.append(replace(mention, weight=doubted))
        around.append(mention)
    return kept


def _weighed(
    text: str, mentions: Sequence[Mention], likenesses: Likenesses, meant: Sequence[Likeness]
) -> Iterator[Mention]:
    """Lower what may be a common word, or a part of a longer name that was meant."""
    capitals = CapitalsOfLines(text, [(one.start, one.end) for one in mentions])
    longer = _longer_by_start(mentions, meant)
    for mention in mentions:
        others = likenesses.longer(mention.start, mention.end)
        others = (others | longer.get(mention.start, set())) - set(mention.community_ids)
        common = (mention.plain is Plain.CAPITAL and opens(text, mention.start, mention.end)) or (
            mention.plain is not Plain.NO and capitals.say_nothing(mention.start, mention.plain)
        )
        weight = min(mention.weight, Weight.DOUBTS) if common or others else mention.weight
        yield replace(mention, weight=weight, longer=tuple(sorted(others)))


def _longer_by_start(mentions: Sequence[Mention], meant: Iterable[Likeness]) -> dict[int, set[str]]:
    """Return, by the start of a mention, the communities meant by something longer around it."""
    starts = [mention.start for mention in mentions]
    found: dict[int, set[str]] = {}
    for like in meant:
        if like.score < 1:
            continue
        for mention in mentions[bisect_left(starts, like.start) : bisect_left(starts, like.end)]:
            if mention.end <= like.end and (mention.start, mention.end) != (like.start, like.end):
                found.setdefault(mention.start, set()).add(like.name.community_id)
    return found


def _only_meant(text: str, mentions: Sequence[Mention], meant: Iterable[Likeness]) -> Iterator[Mention]:
    """Return likenesses that are not part of a written name, as suggestions."""
    starts = [mention.start for mention in mentions]
    for like in meant:
        near = mentions[max(0, bisect_right(starts, like.start) - 1) : bisect_right(starts, like.start)]
        if not any(one.end >= like.end for one in near):
            ids = (like.name.community_id,)
            written = readable(text[like.start : like.end])
            yield Mention(like.start, like.end, ids, written, Weight.SUGGESTS, meant=True, score=like.score)
