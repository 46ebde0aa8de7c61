"""Discord's permissions by the names that its client shows."""

import nextcord

MOST_NAMED = 4

_CALLED = {
    "create_instant_invite": "Create Invite",
    "manage_guild": "Manage Server",
    "stream": "Video",
    "read_messages": "View Channel",
    "send_tts_messages": "Send Text-to-Speech Messages",
    "mention_everyone": "Mention @everyone, @here and All Roles",
    "external_emojis": "Use External Emoji",
    "view_guild_insights": "View Server Insights",
    "use_voice_activation": "Use Voice Activity",
    "manage_emojis": "Manage Expressions",
    "use_slash_commands": "Use Application Commands",
    "external_stickers": "Use External Stickers",
    "send_messages_in_threads": "Send Messages in Threads",
    "start_embedded_activities": "Use Activities",
    "moderate_members": "Timeout Members",
}
"""Those that nextcord calls otherwise."""


def permission_names(permissions: int) -> str:
    """What the permissions are called, in bold; of many the first and how many more there are."""
    names = [
        _CALLED.get(name, name.replace("_", " ").title()) for name, has in nextcord.Permissions(permissions) if has
    ]
    if not names:
        return "permissions that Discord has added of late"
    shown = [f"**{name}**" for name in names[:MOST_NAMED]]
    more = len(names) - len(shown)
    return ", ".join([*shown, f"and {more} more"] if more else shown)
