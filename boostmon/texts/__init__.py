"""Everything that people read in Discord, in words: answers, refusals, warnings, news, and what is offered to type."""
