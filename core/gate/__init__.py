"""Scans at the gate: verify, ask, record; presence and conflicts follow from the events."""
