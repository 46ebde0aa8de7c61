"""Everything that people read in Discord, in words: answers, refusals, warnings, news, and what is offered to type."""

from boostmon.texts import press_refusals as press_refusals  # registers what it words with `refusals.explain`
