"""Papers of the lodge: templates and what stands on them."""
