"""What is measured, each figure as a ratio to a floor of the same run: python -m bench [NAME ...]."""
