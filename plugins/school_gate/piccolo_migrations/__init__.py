"""The school gate's migrations."""
