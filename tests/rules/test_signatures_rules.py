"""The signature of a webhook delivery, as a table."""

from __future__ import annotations

from email.message import Message
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext import ConfigurationError, WebhookSignatureError
from bria_tailored_ext.rules.signatures import SigningKey
from bria_tailored_ext.webhooks import verify_signature

# Bria's published contract vector: both of its own clients are tested against it.
TOKEN = "contract-test-shared-token"
ID = "req_contract_test_001"
TIMESTAMP = "1700000000"
NOW = 1_700_000_000.0
BODY = (
    b'{"status":"COMPLETED","result":{"url":"https://cdn.bria.ai/final.png"},'
    b'"request_id":"req_contract_test_001"}'
)
SIGNATURE = "muClfnkuIXEqW69htILKVEwJdzC0LWB1tP53ptLm7SM="
GOOD = {
    "Bria-Webhook-Id": ID,
    "Bria-Webhook-Timestamp": TIMESTAMP,
    "Bria-Webhook-Signature": f"v1={SIGNATURE}",
}


def signed(body: bytes = BODY, token: str = TOKEN, **changed: str) -> dict[str, str]:
    """Headers that are right for these bytes, by the rule that the vector proves."""
    webhook_id, timestamp = changed.get("id", ID), changed.get("timestamp", TIMESTAMP)
    return {
        "Bria-Webhook-Id": webhook_id,
        "Bria-Webhook-Timestamp": timestamp,
        "Bria-Webhook-Signature": f"v1={SigningKey.of(token).sign(webhook_id, timestamp, body)}",
    }


def refusal(headers: Any, body: bytes = BODY, tokens: Any = TOKEN, **how: Any) -> str:
    """Which check refuses it."""
    with pytest.raises(WebhookSignatureError) as caught:
        verify_signature(headers, body, tokens, **{"now": NOW, **how})
    return caught.value.check


def test_the_published_vector_passes() -> None:
    """What Bria signs is what we check, to the byte."""
    assert verify_signature(GOOD, BODY, TOKEN, now=NOW) == ID
    assert signed() == GOOD


def message_of(headers: dict[str, str]) -> Message:
    message = Message()
    for name, value in headers.items():
        message[name] = value
    return message


@pytest.mark.parametrize(
    "headers",
    [
        {name.lower(): value for name, value in GOOD.items()},
        {name.upper(): value for name, value in GOOD.items()},
        {**GOOD, "Host": "example.com", "X-Binary": "\xff\udcff"},
        list(GOOD.items()),
        [(name.encode(), value.encode()) for name, value in GOOD.items()],
        ((name, value) for name, value in GOOD.items()),
        message_of(GOOD),
    ],
    ids=["lower", "upper", "others", "pairs", "bytes", "generator", "http.server"],
)
def test_headers_are_taken_as_any_framework_has_them(headers: Any) -> None:
    """Mappings and pairs, text and bytes, in any case."""
    assert verify_signature(headers, BODY, TOKEN, now=NOW) == ID


@pytest.mark.parametrize(
    "signatures",
    [
        f"v1={SIGNATURE}",
        f"v1=old,v1={SIGNATURE}",
        f"v1={SIGNATURE},v1=old",
        f"  v1=old ,\tv1={SIGNATURE} ",
        f"v2=future,v1={SIGNATURE}",
        f",,v1={SIGNATURE},",
        f"v1=\xff\udcff,v1={SIGNATURE}",
    ],
)
def test_any_signature_of_the_list_may_be_the_right_one(signatures: str) -> None:
    """While keys rotate, Bria signs with both."""
    assert verify_signature({**GOOD, "Bria-Webhook-Signature": signatures}, BODY, TOKEN, now=NOW)


def test_the_list_may_be_spread_over_several_headers() -> None:
    """A list and several headers of its name are the same in HTTP."""
    pairs = [("Bria-Webhook-Signature", "v1=old"), *GOOD.items()]

    assert verify_signature(pairs, BODY, TOKEN, now=NOW) == ID


@pytest.mark.parametrize(
    "tokens", [TOKEN, [TOKEN], ["old", TOKEN], [TOKEN, "new"], (t for t in (TOKEN, TOKEN))]
)
def test_any_token_may_be_the_right_one(tokens: Any) -> None:
    """Several may be configured; one text is one token, not its letters."""
    assert verify_signature(GOOD, BODY, tokens, now=NOW) == ID


BAD_HEADERS = {
    "no id": {"Bria-Webhook-Id": None},
    "no timestamp": {"Bria-Webhook-Timestamp": None},
    "no signature": {"Bria-Webhook-Signature": None},
    "empty id": {"Bria-Webhook-Id": ""},
    "huge id": {"Bria-Webhook-Id": "x" * 256},
    "id beyond ASCII": {"Bria-Webhook-Id": "réq"},
    "id with a line break": {"Bria-Webhook-Id": "req\nGET"},
    "empty timestamp": {"Bria-Webhook-Timestamp": ""},
    "words for a timestamp": {"Bria-Webhook-Timestamp": "yesterday"},
    "fractions of a second": {"Bria-Webhook-Timestamp": "1700000000.5"},
    "negative timestamp": {"Bria-Webhook-Timestamp": "-1700000000"},
    "timestamp with a sign": {"Bria-Webhook-Timestamp": "+1700000000"},
    "timestamp with underscores": {"Bria-Webhook-Timestamp": "1_700_000_000"},
    "timestamp with spaces": {"Bria-Webhook-Timestamp": " 1700000000"},
    "timestamp in other digits": {"Bria-Webhook-Timestamp": "١٧٠٠٠٠٠٠٠٠"},
    "timestamp in superscript": {"Bria-Webhook-Timestamp": "170000000²"},
    "exponent": {"Bria-Webhook-Timestamp": "17e8"},
    "not a number": {"Bria-Webhook-Timestamp": "nan"},
    "huge timestamp": {"Bria-Webhook-Timestamp": "9" * 5000},
    "empty list": {"Bria-Webhook-Signature": ""},
    "list of nothing": {"Bria-Webhook-Signature": " , ,, "},
    "no version": {"Bria-Webhook-Signature": SIGNATURE},
    "wrong version": {"Bria-Webhook-Signature": f"v2={SIGNATURE}"},
    "upper-case version": {"Bria-Webhook-Signature": f"V1={SIGNATURE}"},
    "spaced version": {"Bria-Webhook-Signature": f"v1 ={SIGNATURE}"},
}


@pytest.mark.parametrize("changed", BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_a_header_that_cannot_be_right_is_refused(changed: dict[str, str | None]) -> None:
    """Before anything is computed."""
    headers = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}

    assert refusal(headers) == "headers"


@pytest.mark.parametrize("name", ["Bria-Webhook-Id", "Bria-Webhook-Timestamp"])
@pytest.mark.parametrize("again", ["the same", "another"])
def test_an_id_or_a_timestamp_that_is_there_twice_is_refused(name: str, again: str) -> None:
    """Nobody can say which one counts, and two readers might choose differently."""
    value = GOOD[name] if again == "the same" else "1700000001"

    assert refusal([*GOOD.items(), (name.lower(), value)]) == "headers"


WRONG = {
    "another signature": f"v1={SIGNATURE[::-1]}",
    "nothing behind the version": "v1=",
    "without padding": f"v1={SIGNATURE.rstrip('=')}",
    "more behind it": f"v1={SIGNATURE}=",
    "url-safe alphabet": f"v1={SIGNATURE.replace('+', '-').replace('/', '_')}x",
    "lower case": f"v1={SIGNATURE.lower()}",
    "hexadecimal": "v1=9ae0a57e792e21712a5bae61b482ca544c097730b42d6075b4fe77a6d2e6ed23",
    "beyond ASCII": "v1=\xff\xfe",
    "lone surrogates": "v1=\udcff",
    "a hundred wrong ones": ",".join(f"v1={n}" for n in range(100)),
}


@pytest.mark.parametrize("signature", WRONG.values(), ids=WRONG)
def test_a_signature_that_no_token_made_is_refused(signature: str) -> None:
    """Only the whole of it, in the very characters, is one."""
    assert refusal({**GOOD, "Bria-Webhook-Signature": signature}) == "signature"


@pytest.mark.parametrize("tokens", ["another", ["another", "yet another"], TOKEN + "x"])
def test_another_token_is_refused(tokens: Any) -> None:
    """What another organisation's token signs is not ours."""
    assert refusal(GOOD, tokens=tokens) == "signature"


@pytest.mark.parametrize("header", ["Bria-Webhook-Id", "Bria-Webhook-Timestamp"])
def test_the_other_headers_are_signed_too(header: str) -> None:
    """A delivery does not pass for another job, nor for a fresher one."""
    assert refusal({**GOOD, header: "1700000001"}) == "signature"


@pytest.mark.parametrize(
    ("now", "passes"),
    [
        (NOW, True),
        (NOW + 300, True),
        (NOW + 300.5, False),
        (NOW - 300, True),
        (NOW - 300.5, False),
        (NOW + 1e9, False),
        (0.0, False),
    ],
)
def test_the_window_is_five_minutes_either_way(now: float, passes: bool) -> None:
    """Not older, because it may be replayed; not from the future, where it would stay valid."""
    if passes:
        assert verify_signature(GOOD, BODY, TOKEN, now=now) == ID
    else:
        assert refusal(GOOD, now=now) == "freshness"


def test_the_window_can_be_chosen() -> None:
    """And be none at all."""
    assert refusal(GOOD, now=NOW + 11, freshness=10) == "freshness"
    assert verify_signature(GOOD, BODY, TOKEN, now=NOW + 299, freshness=float("inf")) == ID


def test_without_a_time_the_machines_clock_counts() -> None:
    """A vector of 2023 is stale."""
    with pytest.raises(WebhookSignatureError, match="s ago"):
        verify_signature(GOOD, BODY, TOKEN)


def test_a_wrong_clock_is_told_from_a_wrong_signature() -> None:
    """Whoever sees it looks at the right end: the signature is checked first."""
    with pytest.raises(WebhookSignatureError, match="properly signed, but 600 s in the future"):
        verify_signature(GOOD, BODY, TOKEN, now=NOW - 600)
    assert refusal({**GOOD, "Bria-Webhook-Signature": "v1=x"}, now=NOW - 600) == "signature"


@pytest.mark.parametrize("freshness", [0, -1, float("nan")])
def test_a_window_that_is_none_is_a_mistake(freshness: float) -> None:
    """It would refuse everything, or with nan let everything pass."""
    with pytest.raises(ConfigurationError, match="freshness"):
        verify_signature(GOOD, BODY, TOKEN, now=NOW, freshness=freshness)


@pytest.mark.parametrize(
    "tokens",
    [[], (), "", [""], [TOKEN, " "], [None], [b"token"], ["tökén"], "tok\n", " tok", "t\x00k"],
)
def test_a_token_that_cannot_be_one_is_a_mistake(tokens: Any) -> None:
    """An empty variable of the environment must not make everybody's key the empty one."""
    with pytest.raises(ConfigurationError, match="token"):
        verify_signature(GOOD, BODY, tokens, now=NOW)


def test_an_error_shows_nothing_of_what_was_sent_or_of_the_token() -> None:
    """Errors end up in logs."""
    sent = {
        "Bria-Webhook-Id": "id-of-theirs",
        "Bria-Webhook-Timestamp": TIMESTAMP,
        "Bria-Webhook-Signature": "v1=signature-of-theirs",
    }
    for headers, now in ((sent, NOW), ({**sent, "Bria-Webhook-Timestamp": "t"}, NOW), (GOOD, 0.0)):
        with pytest.raises(WebhookSignatureError) as caught:
            verify_signature(headers, BODY, "secret-token", now=now)
        for secret in ("id-of-theirs", "signature-of-theirs", "secret-token", "final.png"):
            assert secret not in str(caught.value) + repr(vars(caught.value))


def test_a_key_shows_nothing() -> None:
    """It would let anybody sign."""
    key = SigningKey.of("secret-token")

    assert repr(key) == "SigningKey()"
    assert b"secret-token" not in key.secret


@given(body=st.binary(max_size=300), token=st.text("abc-_0", min_size=1))
def test_any_body_that_is_signed_passes(body: bytes, token: str) -> None:
    """Bytes are signed, whatever they say; bodies need not even be text."""
    assert verify_signature(signed(body, token), body, token, now=NOW) == ID


@given(body=st.binary(max_size=300), other=st.binary(max_size=300))
def test_any_other_body_is_refused(body: bytes, other: bytes) -> None:
    """No two bodies share a signature."""
    if body != other:
        assert refusal(signed(body), other) == "signature"


@given(data=st.data(), body=st.binary(min_size=1, max_size=300))
def test_any_flipped_bit_is_refused(data: st.DataObject, body: bytes) -> None:
    """One bit of the body, or of the signature, is enough."""
    headers = signed(body)
    position = data.draw(st.integers(0, len(body) * 8 - 1))
    flipped = bytearray(body)
    flipped[position // 8] ^= 1 << position % 8
    signature = bytearray(headers["Bria-Webhook-Signature"].encode())
    signature[data.draw(st.integers(3, len(signature) - 1))] ^= 1 << data.draw(st.integers(0, 6))
    tampered = {**headers, "Bria-Webhook-Signature": signature.decode()}

    assert refusal(headers, bytes(flipped)) == "signature"
    # A letter that turned into a comma leaves a shorter signature, which is none either.
    assert refusal(tampered, body) == "signature"


@given(
    headers=st.dictionaries(st.sampled_from(list(GOOD)), st.text(max_size=50)),
    body=st.binary(max_size=50),
)
def test_nothing_that_was_not_signed_passes(headers: dict[str, str], body: bytes) -> None:
    """Any headers, any body: refused with the one error, never another."""
    assert refusal({**GOOD, **headers}, b"x" + body) in ("headers", "signature")
