"""Totals of allocations in a CSV file, in place of columns in Airtable (requirement 85).

The smallest connector there is: docs/adding-a-connector.md goes through it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from connectors.wire.csv_totals import Line, decode, encode, is_ours, line_of
from sync.errors import Denied
from sync.model.contract import Allocation, Totals

SERVICE = "the file of totals"


class CsvTotals:
    """Reads and writes the file at *path*, always whole. *clock* tells the moment for the stamps.

    *before_write* raises where nothing may be written any more.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime], before_write: Callable[[], None]) -> None:
        self._path = path
        self._clock = clock
        self._before_write = before_write
        self._lines: dict[str, Line] = {}
        self._allocations: Mapping[str, Allocation] = {}

    def read_totals(self, allocations: Mapping[str, Allocation]) -> Mapping[str, Totals]:
        """Return what the file says of *allocations*; one that it does not have has no totals yet."""
        self._allocations = allocations
        try:
            text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
        except (OSError, UnicodeError) as error:
            raise self._denied("read it", error) from error
        if not is_ours(text):
            reason = f"{self._path.name} was not written by csh-sync and stays as it is"
            raise Denied(SERVICE, "read it", reason, remedy="Name another file in CSH_TOTALS__CSV, or delete it.")
        self._lines = {record: line for record, line in decode(text).items() if record in allocations}
        return {record: line.totals for record, line in self._lines.items()}

    def write_totals(self, totals: Mapping[str, Totals]) -> None:
        """Write the totals of some allocations; the lines of the others stay."""
        now = self._clock()
        changed = {record: line_of(self._allocations[record], one, now) for record, one in totals.items()}
        lines = {**self._lines, **changed}
        partial = self._path.with_name(f".{self._path.name}.partial")
        self._before_write()
        try:
            partial.write_text(encode(sorted(lines.values(), key=_by_name)), encoding="utf-8")
            partial.replace(self._path)
        except OSError as error:
            raise self._denied("write it", error) from error
        self._lines = lines

    def _denied(self, operation: str, error: Exception) -> Denied:
        reason = getattr(error, "strerror", None) or "it is not text"
        return Denied(SERVICE, operation, f"{self._path.name}: {reason}", remedy="Check CSH_TOTALS__CSV.")


def _by_name(line: Line) -> tuple[str, str]:
    return line.labels["Allocation"].casefold(), line.record
