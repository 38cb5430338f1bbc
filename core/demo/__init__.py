"""Demonstration data: a believable reception, made by seeded generators."""
