"""Bria's document as received, and everything that turns it into the one we generate from."""
