"""A change of a timer on its way to the database: what is meant, whether it is confirmed, how it is written."""
