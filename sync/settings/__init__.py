"""Settings: command line over environment over ``.env`` over ``csh-sync.toml`` over defaults (design, section 6).

All problems are told at once, by name, before anything is asked of a service. Tokens come from the environment,
``.env`` or a file (``…__TOKEN_FILE``) and are never shown.
"""

from sync.settings.loading import NOT_SETTINGS, SETTINGS_FILE, Loaded, load_settings, look_at_settings, looks_new
from sync.settings.showing import DEFAULT, settings_document, shown_settings
from sync.settings.tree import ProfileSettings, Settings, variable

__all__ = [
    "DEFAULT",
    "NOT_SETTINGS",
    "SETTINGS_FILE",
    "Loaded",
    "ProfileSettings",
    "Settings",
    "load_settings",
    "look_at_settings",
    "looks_new",
    "settings_document",
    "shown_settings",
    "variable",
]
