"""Which pictures a dataset lacks, before one is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import attrs

from bria_tailored_ext.rules.datasets import MOST_IMAGES
from bria_tailored_ext.values.errors import InvalidInputError


@attrs.frozen(kw_only=True)
class WantedPicture:
    """A picture that is to be in the dataset.

    Attributes:
        index: Its place among those given, from 0.
        name: What the image is called at Bria.
        digest: Of its content, or of its URL where only that is known.
        url: Where Bria fetches it; `None` where the content itself is sent.
    """

    index: int
    name: str
    digest: str
    url: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Listed:
    """An image as the dataset lists it.

    Attributes:
        id: The image's id.
        name: Its name.
        url: What it was fetched from, where Bria says so.
    """

    id: int
    name: str | None
    url: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Skip:
    """A picture that is not sent, and why.

    Attributes:
        wanted: The picture.
        reason: In words.
        image_id: The image that stands for it; `None` where it comes with this very call.
    """

    wanted: WantedPicture
    reason: str
    image_id: int | None = None


@attrs.frozen
class Sorted:
    """What is to be done with each picture.

    Attributes:
        missing: To be sent.
        skipped: There already, or given twice.
        unclear: It cannot be known whether these are there; with the reason.
    """

    missing: tuple[WantedPicture, ...]
    skipped: tuple[Skip, ...]
    unclear: tuple[Skip, ...]


def name_for(name: str, place: int, digest: str) -> str:
    """What a picture is called at Bria: its own name, else one that its content gives it.

    A place in a list names something else in the next list.
    """
    return name if name != f"picture-{place + 1}" else _name_by_content(digest)


def _name_by_content(digest: str) -> str:
    # In digits, which nobody takes for a word of a description.
    return f"picture-{int(digest[:15], 16):019d}"


def sort_out(
    wanted: Sequence[WantedPicture],
    listed: Sequence[Listed],
    remembered: Mapping[str, int],
    begun: Collection[str] = (),
) -> Sorted:
    """Tell the pictures that a dataset lacks from those that it has.

    By content, as far as it is remembered; else by the URL or the name that the dataset lists.

    Args:
        wanted: What is to be there.
        listed: What is there.
        remembered: The image that each content became, by its digest; some may be gone since.
        begun: The digests of those whose upload was begun and has no outcome.
    """
    skipped: list[Skip] = []
    unknown = _not_remembered(wanted, {image.id for image in listed}, remembered, skipped)
    known = set(remembered.values())
    strangers = [image for image in listed if image.id not in known]
    ids: dict[str, list[int]] = defaultdict(list)
    for image in strangers:
        ids[image.name or ""].append(image.id)
    by_url = {image.url: image.id for image in strangers if image.url}
    return _by_name(_not_traced(unknown, by_url, begun, ids, skipped), ids, skipped)


def _not_remembered(
    wanted: Sequence[WantedPicture],
    there: Collection[int],
    remembered: Mapping[str, int],
    skipped: list[Skip],
) -> list[WantedPicture]:
    """The pictures whose content was not uploaded before; copies of one another are skipped."""
    firsts: dict[str, WantedPicture] = {}
    unknown: list[WantedPicture] = []
    for each in wanted:
        first = firsts.setdefault(each.digest, each)
        image_id = remembered.get(each.digest)
        if first is not each:
            skipped.append(Skip(each, f"It is the same as {first.name}, given before it."))
        elif image_id in there:
            skipped.append(Skip(each, f"It was uploaded before, as image {image_id}.", image_id))
        else:
            unknown.append(each)
    return unknown


def _not_traced(
    unknown: Sequence[WantedPicture],
    by_url: Mapping[str, int],
    begun: Collection[str],
    ids: Mapping[str, list[int]],
    skipped: list[Skip],
) -> Mapping[str, Sequence[WantedPicture]]:
    """By name, those that are neither there by their URL nor begun; what is found leaves `ids`."""
    named: dict[str, list[WantedPicture]] = defaultdict(list)
    for each in unknown:
        if image_id := by_url.get(each.url or ""):
            skipped.append(Skip(each, f"Image {image_id} came from this very URL.", image_id))
            for same in ids.values():
                if image_id in same:
                    same.remove(image_id)
        elif each.digest in begun and ids.get(each.name):
            image_id = ids[each.name].pop()
            reason = f"Its upload broke off, but image {image_id} came of it."
            skipped.append(Skip(each, reason, image_id))
        else:
            named[each.name].append(each)
    return named


def _by_name(
    named: Mapping[str, Sequence[WantedPicture]], ids: Mapping[str, list[int]], skipped: list[Skip]
) -> Sorted:
    missing: list[WantedPicture] = []
    unclear: list[Skip] = []
    for name, group in named.items():
        same = ids.get(name, [])
        if not same:
            missing += group
        elif len(same) < len(group):
            unclear += [Skip(each, _unclear(name, len(same), len(group))) for each in group]
        else:
            skipped += [
                Skip(each, _known_by_name(each, image_id), image_id)
                for each, image_id in zip(group, same, strict=False)
            ]
    return Sorted(
        tuple(sorted(missing, key=_place)),
        tuple(sorted(skipped, key=lambda skip: skip.wanted.index)),
        tuple(sorted(unclear, key=lambda skip: skip.wanted.index)),
    )


def _place(wanted: WantedPicture) -> int:
    return wanted.index


def _known_by_name(wanted: WantedPicture, image_id: int) -> str:
    if wanted.name == _name_by_content(wanted.digest):
        return f"Image {image_id} is named after this very content."
    return (
        f"The dataset has an image named {wanted.name}. Whether it shows the same cannot be known: "
        "no record was kept. To upload it all the same, give it another name."
    )


def _unclear(name: str, there: int, given: int) -> str:
    return (
        f"{given} different pictures named {name} were given, and the dataset has {there} of that "
        "name: which of them cannot be known, as no record was kept. Give them different names."
    )


def check_room(present: int, new: int) -> None:
    """Check that a basic dataset takes so many images more.

    Raises:
        InvalidInputError: There would be more than 200.
    """
    if present + new > MOST_IMAGES:
        raise InvalidInputError(
            f"A dataset takes {MOST_IMAGES} images; {present} are there and {new} would come. "
            "Leave some out, or use an advanced dataset and a bulk upload."
        )


@attrs.frozen
class Trace:
    """What a dataset's list shows of an upload whose outcome is unknown.

    Attributes:
        image_id: The image that it became; `None` where there is none.
        certain: Whether it may be sent again if there is none.
    """

    image_id: int | None
    certain: bool


def trace_of(
    name: str, listed: Sequence[Listed], *, known: Collection[int], under_way: Collection[str]
) -> Trace:
    """Look for an upload whose outcome is unknown in the dataset's list.

    Args:
        name: What it is called; no other upload of that name is under way.
        listed: What the dataset lists.
        known: The images that were there before, and those that other uploads became.
        under_way: The names of all pictures of this call.
    """
    new = [image for image in listed if image.id not in known]
    mine = [image.id for image in new if image.name == name]
    if mine:
        return Trace(min(mine), certain=True)
    # One that nobody here has named may be ours under a name that Bria changed.
    return Trace(None, certain=all(image.name in under_way for image in new))
