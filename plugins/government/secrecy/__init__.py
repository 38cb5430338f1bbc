"""Who must not know of an item, who was let in, and what lies encrypted beside it (GOV-49, GOV-50)."""
