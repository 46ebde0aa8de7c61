"""Turns a kept run into the page that the documentation shows: every number of it comes from the file."""
