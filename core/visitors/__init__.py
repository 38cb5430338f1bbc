"""People who come: known again, found by name, phone or document, kept under encryption."""
