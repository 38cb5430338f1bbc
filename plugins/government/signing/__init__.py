"""Signatures and instructions: chains by the item's source, the leaders' page, major and urgent items."""
