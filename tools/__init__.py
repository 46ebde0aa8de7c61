"""Checks of the project itself: run by make and by CI, not part of the package."""
