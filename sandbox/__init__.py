"""GitHub, Asana, Airtable and FreshDesk played over real HTTP on loopback; knows nothing of the product."""

from sandbox.core import Sandbox

__all__ = ["Sandbox"]
