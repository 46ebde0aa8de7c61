"""Following what people and other bots do to timed roles."""
