"""One module a room: what it reads, and with what."""
