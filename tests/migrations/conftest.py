"""Fixtures of the tests of migrations."""

from tests.databases import database, database_url, fresh_url, seals

__all__ = ["database", "database_url", "fresh_url", "seals"]
