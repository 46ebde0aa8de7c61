"""Everything that people read in Discord, in every language.

A text is English, whole, and a literal where it is used; `words`, the reader's own `Words`, gives it in their language:

    words("The timer of {member} on {role} ends {when}.", member=..., role=..., when=...)
    words.plural("One timer runs.", "{n} timers run.", len(timers))

How to write texts that can be translated, and how to translate them, is told in docs/translating.md.
"""

from boostmon.domain.languages import Language
from boostmon.texts.words import Value, Words, msgid, words_of

__all__ = ["Language", "Value", "Words", "msgid", "words_of"]
