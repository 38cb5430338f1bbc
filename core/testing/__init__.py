"""For plugin authors: a pytest plugin and the conformance suite that every plugin passes.

    pytest -p core.testing.fixtures --laifang-plugin NAME --pyargs core.testing.conformance

runs it against an installed plugin, on SQLite, and on PostgreSQL where TEST_DATABASE_URL names one.
"""
