"""The demo organisation: a world to try the product on, and a fortnight in its life."""

from sandbox.demo.fortnight import play_fortnight
from sandbox.demo.organisation import DemoOrganisation, build, build_empty
from sandbox.demo.periods import DEMO_START
from sandbox.demo.second import PROFILES, add_second_service

__all__ = [
    "DEMO_START",
    "PROFILES",
    "DemoOrganisation",
    "add_second_service",
    "build",
    "build_empty",
    "play_fortnight",
]
