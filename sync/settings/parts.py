"""What blocks of settings are made of: refusing unknown names, reading lists."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict


def words(value: Any) -> Any:
    """Accept a JSON list, or words separated by commas, where a list is meant."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.startswith("["):
        return json.loads(text)
    return [word.strip() for word in text.split(",") if word.strip()]


class Part(BaseModel):
    """A block of settings: unknown names are refused, so that a typo is never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)
