"""What a batch leaves behind beside the files: `manifest.jsonl` and `index.html`."""

from __future__ import annotations

from bria_tailored_ext.batch.gallery.page import write_gallery

__all__ = ["write_gallery"]
