"""Requests that others sign: steps in order, each with its rule, substitutes, opinions (CORE-9)."""
