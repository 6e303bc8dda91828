"""Edge: the only rooms that touch HTTP and generated code."""
