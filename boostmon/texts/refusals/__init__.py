"""Every refusal in words: what is wrong, why, and what to do about it."""

# Each of these registers the errors that it words.
from boostmon.texts.refusals import channels as channels
from boostmon.texts.refusals import durations as durations
from boostmon.texts.refusals import policies as policies
from boostmon.texts.refusals import presses as presses
from boostmon.texts.refusals import rights as rights
from boostmon.texts.refusals import rules as rules
from boostmon.texts.refusals import self_pausing as self_pausing
from boostmon.texts.refusals.problems import MOST_LISTED, Problem, apology, explain
from boostmon.texts.refusals.roles import role_not_timeable
from boostmon.texts.refusals.timers import standing
from boostmon.texts.refusals.trouble import grant_refused

__all__ = ["MOST_LISTED", "Problem", "apology", "explain", "grant_refused", "role_not_timeable", "standing"]
