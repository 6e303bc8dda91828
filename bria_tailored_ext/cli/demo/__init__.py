"""The demo: the whole of the documented process, against the sandbox."""
