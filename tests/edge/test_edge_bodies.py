"""JSON bodies with files in them: what arrives is what `json.dumps` would have made."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored.models import UploadImage
from bria_tailored_ext import (
    FileChangedError,
    InvalidInputError,
    RetryPolicy,
    SubmitOutcomeUnknown,
    TailoredClient,
)
from bria_tailored_ext.edge.bodies import JsonBody, LazyBase64, encode
from bria_tailored_ext.edge.contents import (
    BytesContent,
    Content,
    digest_of,
    of_file,
    of_path,
)
from bria_tailored_ext.edge.http_client import HttpClient

if TYPE_CHECKING:
    from tests.conftest import Script
    from tests.edge.conftest import Hostile

pytestmark = pytest.mark.anyio

SOME = bytes(range(256)) * 3000
"""768 kB: several pieces, and a last one that is no multiple of 3."""

IMAGE = b'{"id": 1, "dataset_id": 7, "image_name": "a"}'


def lazy(content: Content) -> LazyBase64:
    return LazyBase64(content, digest_of(content))


def of_bytes(data: bytes) -> LazyBase64:
    return lazy(BytesContent("a.png", data))


async def sent(body: object) -> bytes:
    assert isinstance(body, JsonBody)
    return b"".join([piece async for piece in body])


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary(max_size=20),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


def with_files(value: Any, make: Callable[[bytes], Any]) -> Any:
    if isinstance(value, bytes):
        return make(value)
    if isinstance(value, list):
        return [with_files(each, make) for each in value]
    if isinstance(value, dict):
        return {key: with_files(each, make) for key, each in value.items()}
    return value


@given(drawn=JSON)
def test_a_streamed_body_is_what_json_would_have_made(drawn: Any) -> None:
    """Whatever the structure, with as many files as it has, and with none."""
    whole = json.dumps(
        with_files(drawn, lambda data: base64.b64encode(data).decode()),
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    ).encode()

    body = encode(with_files(drawn, of_bytes))

    if isinstance(body, JsonBody):
        assert anyio.run(sent, body) == whole
        assert body.size == len(whole)
    else:
        assert body == whole


ORIGIN = "https://bria.test"


@pytest.mark.parametrize("size", [1, 2, 3, 196_607, 196_608, 196_609, 393_216, 768_000])
async def test_pieces_join_to_one_base64_text(size: int) -> None:
    """No padding in the middle, whatever the size; and the length is told beforehand."""
    body = encode({"file": of_bytes(SOME[:size])})

    assert isinstance(body, JsonBody)
    made = await sent(body)
    assert json.loads(made)["file"] == base64.b64encode(SOME[:size]).decode()
    assert body.size == len(made)


async def test_a_body_can_be_sent_again_and_again() -> None:
    """Each pass makes it anew, also when the one before was given up in the middle."""
    body = encode([of_bytes(SOME), of_bytes(b"x")])
    assert isinstance(body, JsonBody)
    whole = await sent(body)

    async for _ in body:
        break

    assert await sent(body) == whole


@pytest.mark.parametrize(
    "serialise",
    [json.dumps, lambda body: httpx.Request("POST", ORIGIN, json=body)],
    ids=["json", "httpx"],
)
def test_nobody_else_serialises_a_file(serialise: Callable[[Any], object]) -> None:
    """It fails loudly where it would not be streamed, in place of sending something else."""
    body = UploadImage(file=of_bytes(SOME).as_text())

    with pytest.raises(TypeError, match="LazyBase64"):
        serialise(body.to_dict())


def test_what_json_does_not_know_is_refused_as_json_refuses_it() -> None:
    """The same error as without files."""
    with pytest.raises(TypeError, match="Object of type set is not JSON serializable"):
        encode({"a": of_bytes(b"x"), "b": {1}})
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode({"a": of_bytes(b"x"), "b": float("nan")})


def test_a_file_shows_no_content(tmp_path: Path) -> None:
    """A repr in a log is a line; and a file by its path can go to another process."""
    assert len(repr(UploadImage(file=of_bytes(SOME).as_text()))) < 500
    (tmp_path / "a.png").write_bytes(SOME)
    file = lazy(of_path("a.png", tmp_path / "a.png"))
    assert pickle.loads(pickle.dumps(file)) == file  # noqa: S301


class OnePass(io.RawIOBase):
    """A file that cannot be rewound, and gives what it likes."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, 1000) if size > 0 else size)


@pytest.mark.parametrize("kind", ["bytes", "path", "memory", "open", "one pass"])
async def test_every_content_can_be_read_again(tmp_path: Path, kind: str) -> None:
    """An open file from its first byte; one that cannot be rewound from a copy."""
    path = tmp_path / "a.png"
    path.write_bytes(SOME)
    with path.open("rb") as file:
        file.read(17)
        contents: dict[str, Callable[[], Content]] = {
            "bytes": lambda: BytesContent("a", SOME),
            "path": lambda: of_path("a", path),
            "memory": lambda: of_file("a", io.BytesIO(SOME), 10**6),
            "open": lambda: of_file("a", file, 10**6),
            "one pass": lambda: of_file("a", OnePass(SOME), 10**6),  # type: ignore[arg-type]
        }
        content = contents[kind]()
        body = encode([lazy(content)])
        assert isinstance(body, JsonBody)
        expected = json.dumps([base64.b64encode(SOME).decode()]).encode()
        assert await sent(body) == await sent(body) == expected
        assert digest_of(content) == hashlib.sha256(SOME).hexdigest()


def test_what_has_no_end_is_not_copied_without_end() -> None:
    """One byte more than is allowed is enough to refuse it."""

    class Endless(OnePass):
        def read(self, size: int = -1) -> bytes:
            return b"x" * min(size, 1000)

    assert of_file("a", Endless(b""), 5000).size == 5001  # type: ignore[arg-type]


def test_a_pipe_is_no_file_and_nothing_waits_for_it(tmp_path: Path) -> None:
    """Opening it would wait for somebody to write."""
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(InvalidInputError, match="no regular file"):
        of_path("pipe", tmp_path / "pipe")


def test_text_is_no_content() -> None:
    """A file opened as text would be decoded, which a picture does not survive."""
    with pytest.raises(InvalidInputError, match="mode 'rb'"):
        of_file("a", io.StringIO("x"), 10)  # type: ignore[arg-type]


def changed(path: Path) -> None:
    path.write_bytes(SOME[::-1])


def grown(path: Path) -> None:
    path.write_bytes(SOME + b"x")


def cut(path: Path) -> None:
    path.write_bytes(SOME[:-1])


def after(
    on_sockets: tuple[str, str], url: str, body: UploadImage, *, attempts: int = 1
) -> BaseException | None:
    """What an upload raised, on that loop and that backend."""
    loop, backend = on_sockets

    async def upload() -> BaseException | None:
        async with TailoredClient(
            api_token="t",
            base_url=url,
            plan=None,
            http_backend=backend,  # type: ignore[arg-type]
            retry=RetryPolicy(attempts=attempts, first_pause=0.0),
        ) as bria:
            try:
                await bria.datasets.upload_image(7, body=body)
            except Exception as error:
                return error
        return None

    return anyio.run(upload, backend=loop)


@pytest.mark.parametrize(
    "spoil", [changed, grown, cut, Path.unlink], ids=lambda each: each.__name__
)
def test_a_request_around_a_changed_file_is_never_complete(
    on_sockets: tuple[str, str], hostile: Hostile, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """The error says so on each backend, and leaves nothing open: it was not carried out."""
    hostile.script(hostile.json(IMAGE, "201 Created"))
    path = tmp_path / "a.png"
    path.write_bytes(SOME)
    body = UploadImage(file=lazy(of_path("a.png", path)).as_text())
    spoil(path)

    error = after(on_sockets, hostile.url, body, attempts=3)

    assert type(error) is FileChangedError
    assert str(error).startswith("a.png c")
    assert hostile.requests == []


@pytest.mark.parametrize("size", [100, len(SOME)])
def test_a_streamed_body_has_a_length_and_comes_whole(
    on_sockets: tuple[str, str], hostile: Hostile, size: int
) -> None:
    """Nothing is sent in chunks, which not every server takes."""
    hostile.script(hostile.json(IMAGE, "201 Created"))

    error = after(on_sockets, hostile.url, UploadImage(file=of_bytes(SOME[:size]).as_text()))

    assert error is None
    head, _, body = hostile.requests[0].partition(b"\r\n\r\n")
    assert json.loads(body) == {"file": base64.b64encode(SOME[:size]).decode()}
    assert b"content-length: %d" % len(body) in head.lower()
    assert b"content-type: application/json" in head.lower()
    assert b"transfer-encoding" not in head.lower()


def test_a_refused_upload_is_sent_again_whole(
    on_sockets: tuple[str, str], hostile: Hostile, tmp_path: Path
) -> None:
    """After a 429, from the file's beginning."""
    (tmp_path / "a.png").write_bytes(SOME)
    hostile.script(hostile.json(b"{}", "429 Too Many Requests"), hostile.json(IMAGE, "201 Created"))
    body = UploadImage(file=lazy(of_path("a.png", tmp_path / "a.png")).as_text())

    assert after(on_sockets, hostile.url, body, attempts=2) is None

    first, second = (request.partition(b"\r\n\r\n")[2] for request in hostile.requests)
    assert first == second
    assert json.loads(first)["file"] == base64.b64encode(SOME).decode()


def test_an_upload_that_broke_off_is_not_sent_again(
    on_sockets: tuple[str, str], hostile: Hostile
) -> None:
    """That its body can be replayed does not make a POST repeatable: nothing is paid twice."""
    hostile.script(hostile.resets())

    error = after(on_sockets, hostile.url, UploadImage(file=of_bytes(SOME).as_text()), attempts=3)

    assert type(error) is SubmitOutcomeUnknown
    assert len(hostile.requests) == 1


async def test_an_upload_that_never_arrived_is_sent_again(script: Script, tmp_path: Path) -> None:
    """A failed connection has taken nothing of the body, or a part that nobody got."""
    (tmp_path / "a.png").write_bytes(SOME)
    network = script.network(script.fail(httpx.ConnectError), script.answer(201, json.loads(IMAGE)))
    async with script.client(network) as bria:
        file = lazy(of_path("a.png", tmp_path / "a.png"))
        await bria.datasets.upload_image(7, body=UploadImage(file=file.as_text()))

    assert [json.loads(each.body)["file"] for each in network.seen] == [
        base64.b64encode(SOME).decode()
    ] * 2


async def test_a_file_that_goes_between_two_attempts_is_told_of(
    script: Script, tmp_path: Path
) -> None:
    """The first attempt was refused; the second is never complete."""
    path = tmp_path / "a.png"
    path.write_bytes(SOME)

    def refuse(_request: httpx.Request) -> httpx.Response:
        path.unlink()
        return httpx.Response(429)

    network = script.network(refuse, script.answer(201, json.loads(IMAGE)))
    network_of_streams = Streaming(network)
    async with script.client(network_of_streams) as bria:
        file = lazy(of_path("a.png", path))
        with pytest.raises(FileChangedError, match="cannot be read any more: No such file"):
            await bria.datasets.upload_image(7, body=UploadImage(file=file.as_text()))

    assert network.asked == ["POST /v1/tailored-gen/datasets/7/images"]


class Streaming(httpx.AsyncBaseTransport):
    """Reads each body as a socket would, and leaves the request's stream as it is."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        content = b"".join([piece async for piece in request.stream])
        copy = httpx.Request(request.method, request.url, content=content)
        return await self._inner.handle_async_request(copy)


@pytest.mark.parametrize(
    "given_options",
    [
        {"json": {"a": "é", "b": [1.5, None]}},
        {"json": []},
        {"json": None},
        {"json": {"a": 1}, "headers": {"Content-Type": "application/ld+json"}},
        {"json": {"a": 1}, "content": b"x"},
        {"json": {"a": 1}, "data": {"b": "2"}},
        {},
    ],
)
async def test_other_requests_are_what_httpx_makes_of_them(given_options: dict[str, Any]) -> None:
    """Headers, body and what can be replayed."""
    async with HttpClient() as ours, httpx.AsyncClient() as theirs:
        made = ours.build_request("POST", ORIGIN, **given_options)
        expected = theirs.build_request("POST", ORIGIN, **given_options)

    assert made.content == expected.content
    assert dict(made.headers) == dict(expected.headers)
    assert type(made.stream) is type(expected.stream)
