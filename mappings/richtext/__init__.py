"""Issues in Asana's rich text: GitHub's Markdown as valid ``html_notes``, and recognised again when it is read back."""
