"""The use cases behind the slash commands, one class each."""
