"""The same values as text, Markdown and JSON."""
