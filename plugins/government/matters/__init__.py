"""Petition items: what is stored of them, who sees them, their time line, list and page."""
