"""A Discord on loopback, for `boostmon sandbox` and the end-to-end tests."""
