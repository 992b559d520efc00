"""Vendor JSON to our values and back. Pure: no SDK, no clock, no network."""
