"""Links and tables in Markdown; what people typed is text there (`sync.model.markdown`)."""

from collections.abc import Iterable

from sync.model.markdown import plain
from sync.report.addresses import label, web_addresses


def links(addresses: Iterable[str]) -> str:
    """Return links to those of *addresses* that lead into the web, "" without any."""
    return ", ".join(f"[{plain(label(one))}](<{one}>)" for one in web_addresses(addresses))


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    """Yield the lines of a table; cells are plain text."""
    names = tuple(heads)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"
