"""Queries, one file a noun. Each takes the session and returns rows or plain data."""
