"""Events, not sentences: structlog on stderr, JSON in CI, secrets masked wherever they appear (requirement 110)."""

import base64
import logging
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TextIO
from urllib.parse import quote

from sync.model.legible import safe
from sync.report.workflow_commands import in_actions, without_commands

MASK = "***"


class Redactor:
    """Masks secrets in text: as they are, base64-encoded and URL-encoded."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms: set[str] = set()
        for secret in secrets:
            if secret:
                encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
                forms |= {secret, encoded, quote(secret, safe="")}
                forms.add(base64.b64encode(f"{secret}:X".encode()).decode())
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return *text* without any secret."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def deep(self, value: Any) -> Any:
        """Return *value* with every text in it masked."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, Mapping):
            return {self(str(key)): self.deep(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.deep(one) for one in value]
        return value


def as_events(environ: Mapping[str, str]) -> bool:
    """Tell whether events go out as JSON: on request, and in CI."""
    return environ.get("CSH_LOG") == "json" or bool(environ.get("CI"))


@dataclass
class _Log:
    """From which level on events are told, and what makes structlog ready for the first of them."""

    level: int = logging.WARNING
    prepare: Callable[[], None] | None = None


_LOG = _Log()


def configure(environ: Mapping[str, str], redact: Redactor, *, verbosity: int = 0) -> None:
    """Send events to stderr: as JSON where CSH_LOG=json or in CI, as lines elsewhere."""
    _LOG.level = {-1: logging.ERROR, 0: logging.WARNING}.get(verbosity, logging.INFO)
    if as_events(environ) and verbosity >= 0:
        _LOG.level = min(_LOG.level, logging.INFO)
    _LOG.prepare = partial(_prepare, environ, redact, sys.stderr)


def event(name: str, *, level: int = logging.INFO, **details: Any) -> None:
    """Tell an event of *level*, where `configure` lets it through.

    structlog brings half of rich with it, and is imported for the first event that is told, not before.
    """
    if level < _LOG.level:
        return
    import structlog  # noqa: PLC0415

    prepare, _LOG.prepare = _LOG.prepare, None
    if prepare:
        prepare()
    structlog.get_logger().log(level, name, **details)


def _prepare(environ: Mapping[str, str], redact: Redactor, stream: TextIO) -> None:
    import structlog  # noqa: PLC0415

    as_json = as_events(environ)

    def mask(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: redact.deep(value) for key, value in event.items()}

    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    taming: list[Any] = [] if as_json else [_on_one_line]
    quieting: list[Any] = [_no_commands] if in_actions(environ) else []
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            *taming,
            renderer,
            *quieting,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LOG.level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def _on_one_line(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep what people typed from leading a terminal; JSON escapes it."""
    return {key: safe(value) if isinstance(value, str) else value for key, value in event.items()}


def _no_commands(_logger: Any, _name: str, line: str) -> str:
    """Keep a title that reads like a command to GitHub's runner from being one."""
    return without_commands(line)
