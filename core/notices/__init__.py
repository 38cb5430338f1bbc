"""Notices to people and events to plugins, queued in the act's own transaction."""
