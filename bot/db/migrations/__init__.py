"""Alembic's migrations: written by hand, one file a change, run on SQLite and PostgreSQL in tests."""
