"""Visits agreed ahead (预约)."""
