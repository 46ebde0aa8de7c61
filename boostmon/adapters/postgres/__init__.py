"""The repositories in SQL, the connection pool, and the migrations."""
