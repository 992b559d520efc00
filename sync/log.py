"""Events, not sentences: structlog on stderr, JSON in CI, secrets masked wherever they appear (requirement 110)."""

import base64
import logging
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any
from urllib.parse import quote

import structlog

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


def configure(environ: Mapping[str, str], redact: Redactor, *, verbosity: int = 0) -> None:
    """Send events to stderr: as JSON where CSH_LOG=json or in CI, as lines elsewhere."""
    level = {-1: logging.ERROR, 0: logging.WARNING}.get(verbosity, logging.INFO)
    as_json = as_events(environ)
    if as_json and verbosity >= 0:
        level = min(level, logging.INFO)

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
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _on_one_line(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep what people typed from leading a terminal; JSON escapes it."""
    return {key: safe(value) if isinstance(value, str) else value for key, value in event.items()}


def _no_commands(_logger: Any, _name: str, line: str) -> str:
    """Keep a title that reads like a command to GitHub's runner from being one."""
    return without_commands(line)
