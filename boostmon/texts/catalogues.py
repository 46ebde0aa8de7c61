"""The translations: one gettext catalogue a language, `locales/LANGUAGE.po`, compiled when it is first needed.

Nothing compiled is kept, so nothing can be out of date: what a translator edits is what runs, in a checkout and in the
wheel (docs/adr/0021 has the figures).
"""

from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from boostmon.domain.languages import Language

LOCALES = Path(__file__).parent / "locales"


def path_of(language: Language) -> Path:
    """Where the catalogue of a language lies; English has none, since its texts are the keys."""
    return LOCALES / f"{language}.po"


def translations_of(language: Language) -> NullTranslations:
    """The translations of English texts; those that are missing, empty or marked as fuzzy stay English."""
    if language is Language.EN:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path_of(language).open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
