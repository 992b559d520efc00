"""GitHub, Asana, Airtable, FreshDesk and Slack played over real HTTP on loopback; knows nothing of the product."""

from sandbox.core import Sandbox

__all__ = ["Sandbox"]
