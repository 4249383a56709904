"""The sidebar: chats by day, search, rename, delete with undo."""
