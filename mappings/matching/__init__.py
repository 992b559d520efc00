"""Whose an issue is: evidence from board, form, labels, help desk and text, weighed as design D7 says.

Where evidence is weak, silence and a list of candidates beat a guess.
"""

from mappings.matching.deciding import match
from mappings.matching.table import CommunityTable
from mappings.matching.tickets import tickets_in
from mappings.matching.values import Candidate, IssueText, Kind, Match, Step

__all__ = ["Candidate", "CommunityTable", "IssueText", "Kind", "Match", "Step", "match", "tickets_in"]
