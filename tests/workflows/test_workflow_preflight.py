"""Pictures checked before anything is sent, and corrected copies of them."""

from __future__ import annotations

import io
import os
import random
import struct
import subprocess
import sys
import threading
import time
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageEnhance

from bria_tailored_ext import ConfigurationError, InvalidInputError
from bria_tailored_ext.rules import preflight
from bria_tailored_ext.values.preflight import PictureFacts
from bria_tailored_ext.workflows import (
    ImageCheck,
    MendedPicture,
    check_images,
    inspecting,
    mend_images,
    mending,
)
from bria_tailored_ext.workflows.folders import read_folder

pytestmark = pytest.mark.anyio


def drawn(seed: int, size: tuple[int, int] = (1024, 1024)) -> Image.Image:
    """A picture; another seed, another picture."""
    chance = random.Random(seed)  # noqa: S311

    def shade() -> tuple[int, int, int]:
        return (chance.randrange(256), chance.randrange(256), chance.randrange(256))

    picture = Image.new("RGB", size, shade())
    draw = ImageDraw.Draw(picture)
    for _ in range(20):
        left, top = chance.randrange(size[0]), chance.randrange(size[1])
        wide, high = chance.randrange(40, size[0] // 2), chance.randrange(40, size[1] // 2)
        draw.ellipse((left, top, left + wide, top + high), fill=shade())
    return picture


def written(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def faded(picture: Image.Image) -> Image.Image:
    """Opaque on its left half, invisible on its right."""
    see_through = picture.convert("RGBA")
    see_through.paste((0, 0, 0, 0), (picture.width // 2, 0, picture.width, picture.height))
    return see_through


def claiming(size: tuple[int, int]) -> bytes:
    """A small PNG that claims to be a large one."""
    small = written(Image.new("1", (8, 8)), "PNG")
    header = b"IHDR" + struct.pack(">II", *size) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()


FAULTS: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "good.jpg": (lambda: written(drawn(0)), []),
    "small.png": (lambda: written(drawn(1, (1024, 800)), "PNG"), ["small"]),
    "tiny.webp": (lambda: written(drawn(2, (255, 300)), "WEBP"), ["too_small"]),
    "clear.png": (lambda: written(faded(drawn(3)), "PNG"), ["transparent"]),
    "opaque.png": (lambda: written(drawn(4).convert("RGBA"), "PNG"), []),
    "clear palette.png": (
        lambda: written(faded(drawn(5)).quantize(16), "PNG"),
        ["transparent", "palette"],
    ),
    "print.jpg": (lambda: written(drawn(6).convert("CMYK")), ["cmyk"]),
    "deep.png": (lambda: written(Image.new("I;16", (1024, 1024), 40_000), "PNG"), ["deep"]),
    "grey.jpg": (lambda: written(drawn(7).convert("L")), ["grey"]),
    "profile.jpg": (lambda: written(drawn(8), icc_profile=profile()), ["profile"]),
    "bad profile.jpg": (lambda: written(drawn(9), icc_profile=b"none"), ["profile"]),
    "phone.jpg": (lambda: written(drawn(10), exif=turned(6)), ["rotated"]),
    "broken exif.jpg": (lambda: written(drawn(23), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\7odd"), []),
    "odd exif.jpg": (lambda: written(drawn(11), exif=turned(99)), []),
    "banner.webp": (lambda: written(drawn(12, (2200, 1024)), "WEBP"), ["aspect"]),
    "film.webp": (
        lambda: written(drawn(13), "WEBP", save_all=True, append_images=[drawn(14)]),
        ["animated"],
    ),
    "old.gif": (lambda: written(drawn(15), "GIF"), ["format", "palette"]),
    "old.bmp": (lambda: written(drawn(16), "BMP"), ["format"]),
    "phone.heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" * 9, ["format"]),
    "named.png": (lambda: written(drawn(17)), ["misnamed"]),
    "no name": (lambda: written(drawn(18)), []),
    "cut.jpg": (lambda: written(drawn(19))[:-2000], ["damaged"]),
    "cut.png": (lambda: written(drawn(20), "PNG")[:-2000], ["damaged"]),
    "cut.webp": (lambda: written(drawn(21), "WEBP")[:-2000], ["damaged"]),
    "head.jpg": (lambda: written(drawn(22))[:40], ["damaged"]),
    "text.jpg": (lambda: b"not a picture at all", ["no_picture"]),
    "empty.png": (lambda: b"", ["empty"]),
    "bomb.png": (lambda: claiming((20_000, 20_000)), ["too_large"]),
    "large.png": (lambda: claiming((10_000, 9_000)), ["too_large", "grey"]),
}


@pytest.fixture(scope="session")
def faulty() -> dict[str, bytes]:
    """Real files, by name."""
    return {name: make() for name, (make, _) in FAULTS.items()}


def flipped(data: bytes) -> bytes:
    """With one bit of its pixels wrong."""
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


def codes(check: ImageCheck) -> dict[str, list[str]]:
    return {
        picture.name: [finding.code for finding in picture.findings] for picture in check.pictures
    }


async def test_each_fault_is_found_in_real_files(tmp_path: Path, faulty: dict[str, bytes]) -> None:
    """Decoded by content; no warning of Pillow's comes out, not for a bomb either."""
    for name, data in faulty.items():
        (tmp_path / name).write_bytes(data)
    told: list[tuple[int, int]] = []

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check = await check_images(tmp_path, on_progress=lambda *counts: told.append(counts))

    assert codes(check) == {name: FAULTS[name][1] for name in sorted(FAULTS)}
    assert check.ignored == ()
    assert told == [(number, len(FAULTS)) for number in range(1, len(FAULTS) + 1)]
    assert not check.is_good
    assert {picture.name for picture in check.refused} == {
        "tiny.webp", "old.gif", "old.bmp", "phone.heic", "cut.jpg", "cut.png", "cut.webp",
        "head.jpg", "text.jpg", "empty.png",
    }  # fmt: skip


async def test_a_png_is_checked_to_its_end() -> None:
    """One wrong bit, and a few bytes that its decoder alone would not miss."""
    data = written(Image.effect_noise((300, 300), 90), "PNG", compress_level=0)

    check = await check_images([flipped(data), *(data[:-cut] for cut in (8, 12, 16, 20))])

    assert list(codes(check).values()) == [["damaged"]] * 5


async def test_half_a_transparent_picture_is_half_transparent() -> None:
    """The sentence names the share; and the preview shows black, as Bria makes it."""
    check = await check_images([written(faded(drawn(1)), "PNG")])

    (picture,) = check.pictures
    assert "50% of it is transparent" in picture.findings[0].message
    with Image.open(io.BytesIO(picture.thumbnail)) as seen:
        red, green, blue = seen.convert("RGB").getpixel((seen.width - 20, 20))  # type: ignore[misc]
    assert max(red, green, blue) < 10


async def test_a_preview_is_upright() -> None:
    """As a viewer shows the picture: half as wide as high."""
    check = await check_images([written(drawn(1, (1600, 800)), exif=turned(8))])

    with Image.open(io.BytesIO(check.pictures[0].thumbnail)) as seen:
        assert seen.size == (160, 320)


async def test_the_same_file_twice_is_found(tmp_path: Path) -> None:
    """By its content: under another name, or through a link. The first one is named."""
    (tmp_path / "a.jpg").write_bytes(written(drawn(1)))
    (tmp_path / "b.jpg").write_bytes(written(drawn(1)))
    (tmp_path / "c.jpg").symlink_to(tmp_path / "a.jpg")
    (tmp_path / "d.jpg").write_bytes(written(drawn(2)))

    check = await check_images(tmp_path)

    assert codes(check) == {
        "a.jpg": [],
        "b.jpg": ["duplicate"],
        "c.jpg": ["duplicate"],
        "d.jpg": [],
    }
    assert "same file as a.jpg" in check.pictures[2].findings[0].message


ALTERED: dict[str, Callable[[Image.Image], bytes]] = {
    "compressed": lambda picture: written(picture, quality=25),
    "half as large": lambda picture: written(picture.resize((256, 256)), "PNG"),
    "brighter": lambda picture: written(ImageEnhance.Brightness(picture).enhance(1.05)),
    "a hair cut off": lambda picture: written(picture.crop((6, 6, 506, 506)), "WEBP"),
}


@pytest.mark.parametrize("name", ALTERED)
async def test_nearly_the_same_picture_is_found(name: str) -> None:
    """Of eight, each by its own altered copy and by nothing else."""
    pictures = [drawn(seed, (512, 512)) for seed in range(8)]
    sources = [*map(written, pictures), *map(ALTERED[name], pictures)]

    check = await check_images(sources)

    found = [
        [each.message for each in picture.findings if each.code == "near_duplicate"]
        for picture in check.pictures
    ]
    assert found[:8] == [[]] * 8
    for number, messages in enumerate(found[8:], 1):
        assert len(messages) == 1
        assert f"nearly the same as picture-{number}." in messages[0]


async def test_plain_pictures_in_other_colours_are_no_duplicates() -> None:
    """A perceptual hash knows no colours: a red logo is not the blue one."""

    def logo(colour: str) -> bytes:
        picture = Image.new("RGB", (1024, 1024), "white")
        ImageDraw.Draw(picture).rectangle((200, 200, 800, 800), fill=colour)
        return written(picture, "PNG")

    check = await check_images([logo("red"), logo("blue"), Image.new("RGB", (1024, 1024), "red")])

    assert list(codes(check).values()) == [[], [], []]


async def test_what_is_in_a_folder_is_looked_at_listed_or_hidden(tmp_path: Path) -> None:
    """Nothing in it is fatal, and nothing is passed over in silence but hidden files."""
    (tmp_path / "a.jpg").write_bytes(written(drawn(1)))
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / ".hidden.jpg").write_bytes(b"x")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.jpg").write_bytes(written(drawn(2)))
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "more")
    (tmp_path / "broken.jpg").symlink_to(tmp_path / "gone.jpg")
    (tmp_path / "broken").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / os.fsdecode(b"\xff.jpg")).write_bytes(written(drawn(3)))

    check = await check_images(tmp_path)

    assert codes(check) == {
        "a.jpg": [], "broken.jpg": ["unreadable"], "pipe.png": ["unreadable"], "�.jpg": [],
    }  # fmt: skip
    assert {each.name: each.reason for each in check.ignored} == {
        "broken": "cannot be read: No such file or directory",
        "folder.jpg": "a folder; folders in it are not entered",
        "linked": "a folder; folders in it are not entered",
        "more": "a folder; folders in it are not entered",
        "notes.txt": "no picture",
        "pipe": "is no regular file",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_what_may_not_be_read_is_told_of(tmp_path: Path) -> None:
    """The others are looked at all the same."""
    (tmp_path / "a.jpg").write_bytes(written(drawn(1)))
    (tmp_path / "b.jpg").write_bytes(written(drawn(2)))
    (tmp_path / "a.jpg").chmod(0)

    check = await check_images(tmp_path)

    assert codes(check) == {"a.jpg": ["unreadable"], "b.jpg": []}
    assert "Permission denied" in check.pictures[0].findings[0].message


async def test_no_folder_is_an_error(tmp_path: Path) -> None:
    """A file, or nothing."""
    (tmp_path / "a.jpg").write_bytes(b"x")
    for place in (tmp_path / "gone", str(tmp_path / "a.jpg")):
        with pytest.raises(InvalidInputError, match="no folder that can be read"):
            await check_images(place)


async def test_single_pictures_are_checked_too() -> None:
    """Whatever they are given as; an URL is not fetched, and said not to be."""
    check = await check_images(
        ["https://cdn.test/a.png?Signature=SIGNED", drawn(1), io.BytesIO(written(drawn(2))), b"x"]
    )

    assert codes(check) == {
        "a.png": ["not_looked_at"], "picture-2": [], "picture-3": [], "picture-4": ["no_picture"],
    }  # fmt: skip
    assert check.folder is None


async def test_the_set_is_judged_by_what_bria_would_take() -> None:
    """Four good ones and a broken one are four."""
    check = await check_images([*(written(drawn(seed)) for seed in range(4)), b"x"])

    assert [finding.code for finding in check.findings] == ["too_few"]
    assert "4 of 5 pictures can be sent" in check.findings[0].message


async def test_without_enlarging_small_ones_are_refused() -> None:
    """As Bria does with `increase_resolution=False`."""
    check = await check_images([written(drawn(1, (1000, 1024)))], increase_resolution=False)

    assert codes(check) == {"picture-1": ["too_small"]}
    assert check.refused


async def test_no_more_are_decoded_at_once_than_there_are_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And never more than four: each takes up to a quarter of a gigabyte."""
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    lock, at_once, most = threading.Lock(), 0, 0

    def slow(_content: object) -> inspecting.Inspected:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.005)
        with lock:
            at_once -= 1
        return inspecting.Inspected(facts=PictureFacts())

    monkeypatch.setattr(inspecting, "inspect", slow)
    await check_images([b"x"] * 20)

    assert most == 4


def test_without_its_extra_the_check_says_what_to_install() -> None:
    """One sentence, of our own kind."""
    code = (
        "import sys; sys.modules['imagehash'] = None\n"
        "import anyio\nfrom bria_tailored_ext.workflows import check_images\n"
        "from bria_tailored_ext import ConfigurationError\n"
        "try: anyio.run(check_images, [b'x'])\n"
        "except ConfigurationError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("Run: pip install 'bria-tailored[images]'")
    assert issubclass(ConfigurationError, ValueError)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def mend(folder: Path, out: Path, **options: Any) -> dict[str, MendedPicture]:
    done = await mend_images(await check_images(folder), out, **options)
    return {each.name: each for each in done}


def pixel(path: Path, place: tuple[int, int]) -> tuple[int, ...]:
    with Image.open(path) as picture:
        assert picture.mode == "RGB"
        return tuple(picture.getpixel(place))  # type: ignore[arg-type]


async def test_what_can_be_mended_is(tmp_path: Path, faulty: dict[str, bytes]) -> None:
    """Of the copies, nothing mendable is left to say; the rest is left out with its reason."""
    folder, out = tmp_path / "in", tmp_path / "new" / "out"
    folder.mkdir()
    for name, data in faulty.items():
        (folder / name).write_bytes(data)

    done = await mend(folder, out)

    left = {
        "tiny.webp", "phone.heic", "cut.jpg", "cut.png", "cut.webp", "head.jpg", "text.jpg",
        "empty.png",
    }  # fmt: skip
    assert {name for name, each in done.items() if each.path is None} == left
    assert all(done[name].reason.endswith(".") for name in left)
    assert {name: (folder / name).read_bytes() for name in faulty} == faulty
    again = await check_images(out)
    assert not again.refused
    assert not any(each.mendable for picture in again.pictures for each in picture.findings)
    assert len(again.pictures) == len(FAULTS) - len(left)
    assert names(tmp_path) == ["in", "new"]
    assert names(tmp_path / "new") == ["out"]


async def test_a_copy_is_what_it_should_be(tmp_path: Path) -> None:
    """Upright, on the background, of the first frame; and what was good is the same file."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "good.JPG").write_bytes(written(drawn(1)))
    (folder / "clear.png").write_bytes(written(faded(drawn(2)), "PNG"))
    (folder / "phone.jpg").write_bytes(written(drawn(3, (1200, 1100)), exif=turned(6)))
    (folder / "film.gif").write_bytes(
        written(
            Image.new("RGB", (1024, 1024), "red"),
            "GIF",
            save_all=True,
            append_images=[Image.new("RGB", (1024, 1024), "blue")],
        )
    )
    (folder / "deep.png").write_bytes(written(Image.new("I;16", (1024, 1024), 128 * 257), "PNG"))

    done = await mend(folder, out, background="#fedcba")

    assert (out / "good.JPG").read_bytes() == (folder / "good.JPG").read_bytes()
    assert done["good.JPG"].done == ()
    assert pixel(out / "clear.png", (1000, 500)) == (0xFE, 0xDC, 0xBA)
    assert pixel(out / "clear.png", (2, 2)) == drawn(2).getpixel((2, 2))
    assert pixel(out / "film.png", (5, 5)) == (255, 0, 0)
    assert pixel(out / "deep.png", (5, 5)) == (128, 128, 128)
    with Image.open(out / "phone.jpg") as turned_back:
        assert turned_back.size == (1100, 1200)
        assert not turned_back.getexif()
    assert done["phone.jpg"].done == ("turned upright",)


async def test_what_is_too_heavy_becomes_a_jpeg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all its pixels; of what is too heavy even so, no copy is made."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    noise = Image.effect_noise((512, 512), 40).convert("RGB")
    (folder / "heavy.png").write_bytes(written(noise, "PNG", compress_level=1))
    (folder / "heavier.jpg").write_bytes(written(noise.resize((1024, 1024)), quality=100))
    for module in (preflight, mending):
        monkeypatch.setattr(module, "MAX_IMAGE_BYTES", 180_000)

    done = await mend(folder, out)

    assert done["heavy.png"].done == ("saved as JPEG",)
    with Image.open(out / "heavy.jpg") as lighter:
        assert (lighter.format, lighter.size) == ("JPEG", (512, 512))
    assert (out / "heavy.jpg").stat().st_size <= 180_000
    assert "1024×1024 pixels" in done["heavier.jpg"].reason
    assert names(out) == ["heavy.jpg"]


async def test_no_copy_takes_anothers_place(tmp_path: Path) -> None:
    """Two names that become one, on a disk that takes upper and lower case for the same too."""
    sources: list[Any] = []
    for seed, name in enumerate(("a.gif", "a.png", "A.PNG", "a", "sub/a.png")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written(drawn(seed), "GIF" if name == "a.gif" else "PNG"))
        sources.append(path)

    done = await mend_images(await check_images(sources), tmp_path / "out")

    made = [each.path.name for each in done if each.path]
    assert sorted(made) == names(tmp_path / "out")
    assert len({name.casefold() for name in made}) == 5


async def test_the_folder_for_copies_is_checked_first(tmp_path: Path) -> None:
    """Not the originals' own, not within it, and nothing is written over; nor is a bad colour."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.jpg").write_bytes(written(drawn(1)))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".keep").write_bytes(b"")
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(folder)
    check = await check_images(folder)
    before = everything(tmp_path)

    for out in ("in", "in/sub", "in/new/deep", "link/new", "in/../in", "full", "file", "file/new"):
        with pytest.raises(InvalidInputError, match="Choose"):
            await mend_images(check, tmp_path / out)
    with pytest.raises(InvalidInputError, match="'chartreusy' is no colour"):
        await mend_images(check, tmp_path / "out", background="chartreusy")

    assert everything(tmp_path) == before


async def test_copies_appear_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves nothing behind."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(written(drawn(1)))
    (folder / "b.png").write_bytes(written(faded(drawn(2)), "PNG"))
    check = await check_images(folder)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        await mend_images(check, tmp_path / "out")

    assert names(tmp_path) == ["in"]


async def test_what_changed_since_the_check_is_judged_anew(tmp_path: Path) -> None:
    """A file that is gone, or broken by now, is left out and said to be."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.jpg", "b.png", "c.png"):
        (folder / name).write_bytes(written(faded(drawn(len(name))), "PNG"))
    check = await check_images(folder)
    (folder / "a.jpg").unlink()
    (folder / "b.png").write_bytes(b"x")

    done = {each.name: each for each in await mend_images(check, tmp_path / "out")}

    assert "cannot be read" in done["a.jpg"].reason
    assert "cannot be decoded" in done["b.png"].reason
    assert names(tmp_path / "out") == ["c.png"]


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    """The same every time, on every disk."""
    for name in ("b.jpg", "a.png", "C.webp", "10.jpg", "9.jpg"):
        (tmp_path / name).write_bytes(b"x")

    names = [path.name for path in read_folder(tmp_path).pictures]

    assert names == ["10.jpg", "9.jpg", "C.webp", "a.png", "b.jpg"]
