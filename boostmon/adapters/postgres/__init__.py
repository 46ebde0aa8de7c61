"""Repositories on a psycopg ConnectionPool, SQL, row mapping, the migration runner."""
