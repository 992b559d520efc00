"""Communities to suggest where none was found: by names that are similar to what is written (design D7)."""

from collections.abc import Iterable, Sequence

from mappings.matching.folding import readable, shape
from mappings.matching.likeness import Likenesses
from mappings.matching.passages import Passage
from mappings.matching.table import CommunityTable
from mappings.matching.values import Candidate

MOST = 5
"""So many are a help; more are a list to search in."""
_REACH = 4000
"""Characters of the text that are searched for slips of the pen: beyond the first page they rarely matter."""


def similar(fields: Iterable[str], passages: Sequence[Passage], table: CommunityTable) -> tuple[Candidate, ...]:
    """Return communities similar to what is written, best first.

    *fields* should each be a name, so that names of one word count there too; in *passages* only our own words count.
    """
    best: dict[str, tuple[float, str]] = {}
    for field in fields:
        _keep_best(best, shape(field)[:_REACH], table, common_words=True)
    left = _REACH
    for passage in passages:
        own = passage.own[:left]
        _keep_best(best, own, table, common_words=False)
        left -= len(own)
        if left <= 0:
            break
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], table.name(item[0]), item[0]))
    return tuple(Candidate(one, f'similar: "{text}"', score) for one, (score, text) in ranked[:MOST])


def _keep_best(best: dict[str, tuple[float, str]], text: str, table: CommunityTable, *, common_words: bool) -> None:
    found = Likenesses(text, table)
    for like in (*found.through_signs(), *found.misspelled(common_words=common_words)):
        known = best.get(like.name.community_id, (0.0, ""))
        if like.score > known[0]:
            written = readable(text[like.start : like.end])
            best[like.name.community_id] = (like.score, written)
