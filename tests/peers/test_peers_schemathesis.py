"""schemathesis, over the built document: the sandbox gives no answer that it does not list."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from bria_tailored_ext.sandbox import Sandbox
from tests.peers.conftest import filled

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "response_schema_conformance",
    "content_type_conformance",
    "response_headers_conformance",
)


def without_the_format_of_times(node: Any) -> Any:
    """Models tell naive times, at Bria and in the sandbox: RFC 3339 does not know these."""
    if isinstance(node, list):
        return [without_the_format_of_times(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = node.items()
    return {
        key: without_the_format_of_times(value)
        for key, value in kept
        if (key, value) != ("format", "date-time")
    }


def test_schemathesis_finds_no_undocumented_answer_and_no_5xx(
    peers_python: Path, document: dict[str, Any], tmp_path: Path
) -> None:
    """Examples, edge cases and random requests, valid and not, for every operation."""
    with Sandbox(seed=1) as sandbox:
        filled(sandbox)
        path = tmp_path / "openapi.json"
        served = {**document, "servers": [{"url": sandbox.base_url}]}
        path.write_text(json.dumps(without_the_format_of_times(served)))
        done = subprocess.run(
            [
                str(peers_python.with_name("schemathesis")),
                "run",
                str(path),
                f"--url={sandbox.base_url}",
                f"--header=api_token: {sandbox.api_token}",
                f"--checks={','.join(CHECKS)}",
                "--phases=examples,coverage,fuzzing",
                "--max-examples=25",
                "--continue-on-failure",
                "--suppress-health-check=all",
                "--seed=1",
                "--no-color",
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
    assert "Selected: 45/45" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout[-20_000:]
