"""Points at which a plugin may join in, by subject. The prefix says how answers combine (docs/plugins.md)."""

from core.hookspecs import acts, gates, people, starting, visits

ALL = (starting, visits, gates, people, acts)
