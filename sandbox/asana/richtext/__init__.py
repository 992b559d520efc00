"""Asana's rich text: what is refused, how it is stored, and its plain reading.

https://developers.asana.com/docs/rich-text
"""

from sandbox.asana.richtext.check import Linked, Rich, Rules, read_html, read_plain

__all__ = ["Linked", "Rich", "Rules", "read_html", "read_plain"]
