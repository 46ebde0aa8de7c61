"""The map in docs/architecture.md: which rooms `boostmon/` has and which imports which, drawn from the code."""
