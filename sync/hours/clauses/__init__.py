"""The clause reader: what a contract's own words say about hours, or the question to ask (requirement B4)."""

from sync.hours.clauses.reading import read_clause
from sync.hours.clauses.rendering import render_clause

__all__ = ["read_clause", "render_clause"]
