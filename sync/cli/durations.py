"""Spans of time as people type them: 30m, 2h, 1d."""

import re
from datetime import timedelta

import click

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
SHAPE = re.compile(r"([1-9][0-9]{0,5})([smhd])")


class Duration(click.ParamType[timedelta]):
    """A span of time: a whole number and a unit."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read a span; fail with the forms that are understood."""
        if isinstance(value, timedelta):
            return value
        found = SHAPE.fullmatch(str(value).strip().casefold())
        if found is None:
            self.fail(f"{value!r} is no span of time; write 90s, 30m, 2h or 1d.", param, ctx)
        return timedelta(**{UNITS[found[2]]: int(found[1])})
