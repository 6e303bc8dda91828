"""Rules: the API's behaviour as plain functions, with no I/O and no `await`."""
