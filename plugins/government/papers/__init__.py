"""Papers of the petition office: kinds, templates, and what stands on them from the records."""
