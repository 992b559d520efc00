"""Asana's REST API over the state: routes, bodies, records, pages."""

from sandbox.asana.api.api import Api

__all__ = ["Api"]
