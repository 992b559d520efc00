"""Frozen values of the domain. Standard library only: no SDK, no clock, no file, no network."""
