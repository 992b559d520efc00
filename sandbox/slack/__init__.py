"""The played Slack: incoming webhooks, one for each channel."""

from sandbox.slack.reading import Reading, read
from sandbox.slack.service import Channel, Post, Refusal, SlackService

__all__ = ["Channel", "Post", "Reading", "Refusal", "SlackService", "read"]
