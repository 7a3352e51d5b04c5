"""Storage: tables, queries, engine, migrations. SQLite by default, PostgreSQL for several processes."""
