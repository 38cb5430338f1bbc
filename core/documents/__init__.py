"""Numbered and printed papers: slips, badges, notices."""
