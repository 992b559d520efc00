"""Whose an issue is: evidence from board, form, labels, help desk and text, weighed as design D7 says.

Where evidence is weak, silence and a list of candidates beat a guess.
"""
