"""Asking after an item without an account: the office's public page, query by code, satisfaction, replies."""
