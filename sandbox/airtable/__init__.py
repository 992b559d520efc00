"""Airtable's Web API as far as the product and pyairtable use it: schema, records, upsert, links, trash."""

from sandbox.airtable.options import AirtableOptions
from sandbox.airtable.refusals import Refusal
from sandbox.airtable.service import AirtableService

__all__ = ["AirtableOptions", "AirtableService", "Refusal"]
