"""Printed papers to be looked at, and the tests that read them."""
