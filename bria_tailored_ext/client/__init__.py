"""Client: `TailoredClient` and its jobs."""
