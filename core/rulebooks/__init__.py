"""Versions of each plugin's settings (规则), with the one in force at any moment."""
