"""`bria-tailored check`: what Bria would make of a folder of pictures."""
