"""Building the distribution, and trying it where the sources are not: `python -m release`."""
