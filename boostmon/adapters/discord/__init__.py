"""RoleGateway and Notifier on nextcord, and the bridge from threads to its event loop."""
