"""A Discord on this machine, for `boostmon sandbox` and the end-to-end tests."""

import logging

# simcord builds a discord.py client while it is imported, which warns of voice support and intents:
# neither plays a part here.
logging.getLogger("discord").setLevel(logging.ERROR)
