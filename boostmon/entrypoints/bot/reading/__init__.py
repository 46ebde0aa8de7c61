"""Reads an interaction into values of the domain."""
