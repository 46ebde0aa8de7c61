"""The one root of every error that BoostMon raises on purpose.

An error carries the data that a sentence about it needs; the sentence itself is worded further out
(in `boostmon.texts` and by the command line), so that the domain speaks no language.
"""


class BoostMonError(Exception):
    """Root of all errors that are part of BoostMon's rules or of its ports' promises."""
