"""Asana's API as far as the product and the asana package use it: tasks, fields, portfolios, time, rich text."""

from sandbox.asana.options import AsanaOptions
from sandbox.asana.refusals import Refusal, server_error
from sandbox.asana.service import AsanaService

__all__ = ["AsanaOptions", "AsanaService", "Refusal", "server_error"]
