"""The use cases behind the slash commands and the Undo button, one file each.

Each commits the timer and its ledger entry in one transaction, and only then asks anything of Discord.
`asked.at` is its only reading of the clock.
"""
