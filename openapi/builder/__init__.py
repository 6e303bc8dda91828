"""The builder: from Bria's document to ours, in small named passes.

Run it from the repository root: `python -m openapi.builder --help`.
"""
