"""An interaction from arrival to answer: acknowledged in time, run on a thread, answered once."""
