"""`python -m bria_tailored_ext.cli`."""

from bria_tailored_ext.cli import main

main()
