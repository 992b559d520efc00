"""How a run went, in Markdown, for the page of a job on GitHub.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterable, Sequence

from sync.model.change import Standing
from sync.model.digest import Digest
from sync.model.markdown import plain
from sync.model.minutes import spell_hours
from sync.model.wording import USUAL, Wording
from sync.report.digest_markdown import digest_lines
from sync.report.markdown import table
from sync.report.words import counted, spell_day

MOST_BYTES = 1024 * 1024
"""Of one step's summary; GitHub drops one that is longer."""
HEADS = ("Community", "Allocation", "Used", "Of", "Left", "Until")
CUT = "*Cut here: {} more did not fit. `csh-sync check` and `csh-sync hours` show everything.*\n"


def job_summary(
    result: str,
    troubles: Sequence[str],
    standings: Iterable[Standing],
    digests: Iterable[Digest],
    room: int,
    *,
    wording: Wording = USUAL,
) -> str:
    """Return what happened, what went wrong, where hours stand, and what was told, in at most *room* bytes.

    *result* is a sentence; *troubles* are the items that failed and what could not be read.
    """
    lines = [f"# {plain(wording.title)}", "", plain(result), ""]
    if troubles:
        lines += [f"## {plain(wording.not_done)}", "", *(f"- Trouble: {plain(one)}" for one in troubles), ""]
    current = [one for one in standings if one.runs]
    if current:
        lines += [f"## {plain(wording.hours)}", "", *table(HEADS, (_standing(one) for one in current)), ""]
    lines += [line for one in digests for line in digest_lines(one, wording)]
    return _fitting(lines, room)


def _standing(one: Standing) -> tuple[str, ...]:
    of = "no cap" if one.available_minutes is None else f"{spell_hours(one.available_minutes)} h"
    left = "" if one.left_minutes is None else f"{spell_hours(one.left_minutes)} h"
    return one.community, one.allocation, f"{spell_hours(one.used_minutes)} h", of, left, spell_day(one.end)


def _fitting(lines: Sequence[str], room: int) -> str:
    """Return as many whole lines as fit, and in place of the rest a note that tells how many are missing."""
    text = "\n".join(lines)
    if _size(text) <= room:
        return text
    longest_note = _size("\n" + CUT.format(counted(len(lines), "line")))
    kept, size = 0, longest_note
    while kept < len(lines) and size + _size(lines[kept]) + 1 <= room:
        size += _size(lines[kept]) + 1
        kept += 1
    note = CUT.format(counted(sum(1 for one in lines[kept:] if one), "line"))
    cut = "\n".join([*lines[:kept], "", note])
    return cut if _size(cut) <= room else ""


def _size(text: str) -> int:
    return len(text.encode())
