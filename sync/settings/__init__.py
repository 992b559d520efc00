"""Settings: command line over environment over ``.env`` over ``csh-sync.toml`` over defaults (design, section 6).

All problems are told at once, by name, before anything is asked of a service. Tokens come from the environment,
``.env`` or a file (``…__TOKEN_FILE``) and are never shown.
"""

from sync.settings.loading import NOT_SETTINGS, SETTINGS_FILE, load_settings
from sync.settings.tree import ProfileSettings, Settings, variable

__all__ = ["NOT_SETTINGS", "SETTINGS_FILE", "ProfileSettings", "Settings", "load_settings", "variable"]
