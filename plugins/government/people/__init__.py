"""Petitioners: known again, corrected, erased."""
