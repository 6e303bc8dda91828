"""Edge: what speaks HTTP to Bria, and our side of the border to generated code."""
