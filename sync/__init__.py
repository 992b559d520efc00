"""csh-sync: the engine that mirrors issues, places hours and tells people what needs them."""

__version__ = "0.1.0"
