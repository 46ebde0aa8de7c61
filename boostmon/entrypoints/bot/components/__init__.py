"""Buttons under messages. Nothing about them is kept in memory, so they outlive a restart."""
