"""``make bench``: measure, print a table, and write JSON where asked."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.cases import CASES, Sizes
from benchmarks.figures import Figure, document, table

QUICK = Sizes(first=60, small=60, large=120, script=5, runs=4)


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen cases; return 1 with ``--strict`` when a goal was not reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all without one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON")
    parser.add_argument("--quick", action="store_true", help="small worlds: to try the benchmarks, not the product")
    parser.add_argument("--large", type=int, default=10_000, metavar="N", help="issues of the large mirror (10000)")
    parser.add_argument("--strict", action="store_true", help="leave with 1 when a goal was not reached")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.cases) - CASES.keys()
    if unknown:
        parser.error(f"no case {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    sizes = QUICK if chosen.quick else Sizes(large=chosen.large)
    figures: list[Figure] = []
    for name in chosen.cases or CASES:
        began = time.monotonic()
        _note(f"{name} …")
        figures += CASES[name](sizes)
        _note(f"{name}: {time.monotonic() - began:.0f} s")
    print(table(figures))  # noqa: T201
    if chosen.json:
        chosen.json.write_text(document(figures, quick=chosen.quick) + "\n", encoding="utf-8")
    return int(chosen.strict and any(one.reached is False for one in figures))


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
