"""The decision table: what each kind of change means for users of the generated client.

A request is what a user sends, so whatever narrows it breaks. A response is what a user reads,
so whatever widens it breaks. Parameters, operations and the document follow the first column.

"Breaks" is meant for the Python client: names that disappear count, and so do bounds that the
service enforces. Words of a response enum do not: responses are open, `Known | str`.
"""

import attrs

from openapi.builder.differences_values import Change, Place, Side


@attrs.frozen
class Verdict:
    """Whether a change breaks, and the sentence that goes with the answer."""

    breaking: bool
    text: str = ""


@attrs.frozen
class Rule:
    """One kind of change: its sentence, and the verdict for what is sent and what is read."""

    what: str
    request: Verdict
    response: Verdict


def breaks(why: str) -> Verdict:
    """Return the verdict that a change breaks, with the sentence that says what."""
    return Verdict(True, why)


def fine(note: str = "") -> Verdict:
    """Return the verdict that a change is compatible; `note` is appended to its sentence."""
    return Verdict(False, note)


def both(what: str, verdict: Verdict) -> Rule:
    """Return a rule that does not depend on the direction."""
    return Rule(what, verdict, verdict)


def judge(rule: Rule, place: Place, **facts: str) -> Change:
    """Return the change that `rule` makes of these facts at this place."""
    verdict = rule.response if place.side is Side.RESPONSE else rule.request
    note = f" ({verdict.text})" if verdict.text and not verdict.breaking else ""
    return Change(
        operation=place.operation,
        side=place.side,
        where=place.where,
        what=rule.what.format(**facts) + note,
        breaking=verdict.breaking,
        why=verdict.text if verdict.breaking else "",
    )


def is_prose(change: Change) -> bool:
    """Tell whether a change is one of wording alone."""
    return change.what.startswith(PROSE_CHANGED.what.format(places=""))


FINE = fine()

# What breaks for somebody who sends, and for everybody who imports generated names.
REFUSED = breaks("Values that were accepted may now be refused.")
MISSING = breaks("Calls without it are refused.")
UNWANTED = breaks("Calls that pass it fail.")
UNSETTABLE = breaks("Code that sets it fails.")
NULL_SENT = breaks("Calls that send null are refused.")
WORD_SENT = breaks("Calls that send this word are refused, and its generated name is gone.")
FORM_SENT = breaks("Bodies sent in this form are refused.")
STYLE_SENT = breaks("The client sends it in a form that is no longer read.")
NO_CALL = breaks("The generated function is gone.")
OTHER_ADDRESS = breaks("The client calls the old address.")
OTHER_LOGIN = breaks("Calls must authenticate in another way.")
OTHER_FUNCTION = breaks("The generated function has another name.")
OTHER_GROUP = breaks("The generated function moves to another module and facade.")
OTHER_ARGUMENT = breaks("The generated argument has another name.")
NO_CLASS = breaks("The generated class is gone; importing it fails.")
RETYPED = breaks("The generated Python type is another one.")
CHECK = breaks("What this means is not known here: check it by hand.")

# What breaks for somebody who reads.
UNREADABLE = breaks("Code that reads it fails.")
UNRELIABLE = breaks("It may be missing where code relies on it.")
NOTHING_LEFT = breaks("Code that reads it finds nothing.")
OTHER_KIND = breaks("Code may get a value of a kind it does not expect.")
NULL_READ = breaks("Code may get None where it had a value.")
OTHER_ANSWER = breaks("Calls may return something that old code does not expect.")

# Why something is fine, where that needs saying.
WORDS_ARE_OPEN = fine("not breaking: responses are open, an unknown word arrives as text")
WORD_UNUSED = fine("not breaking: the word just stops coming")
KIND_UNUSED = fine("it just stops coming")
MAY_ACT_OTHERWISE = fine("calls that leave it out may act differently")
NOT_GENERATED = fine("not part of the generated client")
NOT_CHECKED = fine("answers are not checked against it")
ERRORS_STAY = fine("error answers stay readable")

# The document
OPENAPI_CHANGED = both("OpenAPI version changed from {old} to {new}", FINE)
VERSION_CHANGED = both("version of the API changed from {old} to {new}", FINE)
SERVERS_CHANGED = both("servers changed from {old} to {new}", OTHER_ADDRESS)
SECURITY_CHANGED = both("security changed from {old} to {new}", OTHER_LOGIN)
SCHEME_ADDED = both('security scheme "{name}" added', FINE)
SCHEME_REMOVED = both('security scheme "{name}" removed', OTHER_LOGIN)
SCHEME_CHANGED = both('security scheme "{name}" changed', OTHER_LOGIN)
TAG_ADDED = both('tag "{name}" added', FINE)
TAG_REMOVED = both('tag "{name}" removed', FINE)
NAME_REMOVED = both('schema name "{name}" removed', NO_CLASS)
PART_CHANGED = both('"{name}" changed', NOT_GENERATED)
PROSE_CHANGED = both("description changed in {places}", FINE)

# Operations
OPERATION_ADDED = both("operation added", FINE)
OPERATION_REMOVED = both("operation removed", NO_CALL)
OPERATION_MOVED = both("operation moved from {old} to {new}", OTHER_ADDRESS)
OPERATION_RENAMED = both("operationId changed from {old} to {new}", OTHER_FUNCTION)
GROUP_CHANGED = both("first tag changed from {old} to {new}", OTHER_GROUP)
TAGS_CHANGED = both("further tags changed from {old} to {new}", FINE)
DEPRECATED = both("deprecated", FINE)
UNDEPRECATED = both("no longer deprecated", FINE)

# Parameters
PARAMETER_ADDED = both('optional parameter "{name}" added', FINE)
PARAMETER_ADDED_REQUIRED = both('required parameter "{name}" added', MISSING)
PARAMETER_REMOVED = both('parameter "{name}" removed', UNWANTED)
PARAMETER_RENAMED = both("parameter renamed from {old} to {new}", OTHER_ARGUMENT)
STYLE_CHANGED = both("serialisation changed from {old} to {new}", STYLE_SENT)

# Bodies and answers: the sentence, what it means when sent, what it means when read
BODY_ADDED = Rule("body added", FINE, FINE)
BODY_ADDED_REQUIRED = Rule("required body added", MISSING, FINE)
BODY_REMOVED = Rule("body removed", UNWANTED, NOTHING_LEFT)
CONTENT_ADDED = Rule("content type {name} added", FINE, FINE)
CONTENT_REMOVED = Rule("content type {name} removed", FORM_SENT, NOTHING_LEFT)
SUCCESS_ADDED = both("success status {name} added", OTHER_ANSWER)
SUCCESS_REMOVED = both("success status {name} removed", NOTHING_LEFT)
STATUS_ADDED = both("status {name} added", FINE)
STATUS_REMOVED = both("status {name} removed", ERRORS_STAY)
HEADER_ADDED = both("header added", FINE)
HEADER_REMOVED = both("header removed", NOTHING_LEFT)

# Fields
FIELD_ADDED = Rule('field "{name}" added', FINE, FINE)
FIELD_ADDED_REQUIRED = Rule('required field "{name}" added', MISSING, FINE)
FIELD_REMOVED = Rule('field "{name}" removed', UNSETTABLE, UNREADABLE)
BECAME_REQUIRED = Rule("became required", MISSING, FINE)
BECAME_OPTIONAL = Rule("became optional", FINE, UNRELIABLE)
FIELDS_OPENED = Rule("further fields allowed", FINE, FINE)
FIELDS_CLOSED = Rule("further fields no longer allowed", UNWANTED, UNREADABLE)

# Values
TYPE_CHANGED = Rule("type changed from {old} to {new}", REFUSED, OTHER_KIND)
TYPE_WIDENED = Rule("type widened from {old} to {new}", FINE, OTHER_KIND)
TYPE_NARROWED = Rule("type narrowed from {old} to {new}", REFUSED, FINE)
NULL_ALLOWED = Rule("may now be null", FINE, NULL_READ)
NULL_REFUSED = Rule("may no longer be null", NULL_SENT, FINE)
WORD_ADDED = Rule("enum word {name} added", FINE, WORDS_ARE_OPEN)
WORD_REMOVED = Rule("enum word {name} removed", WORD_SENT, WORD_UNUSED)
ENUM_ADDED = Rule("limited to the words {new}", REFUSED, FINE)
ENUM_REMOVED = Rule("no longer limited to the words {old}", NO_CLASS, NO_CLASS)
ENUM_OPENED = Rule("enum opened: other words are allowed too", FINE, WORDS_ARE_OPEN)
ENUM_CLOSED = Rule("enum closed: other words are no longer allowed", REFUSED, FINE)
DEFAULT_CHANGED = Rule("default changed from {old} to {new}", MAY_ACT_OTHERWISE, FINE)
TIGHTENED = Rule("{name} tightened: {change}", REFUSED, FINE)
LOOSENED = Rule("{name} loosened: {change}", FINE, NOT_CHECKED)
FORMAT_RETYPED = Rule("format changed from {old} to {new}", RETYPED, RETYPED)
FORMAT_TIGHTENED = Rule("format tightened from {old} to {new}", REFUSED, FINE)
FORMAT_LOOSENED = Rule("format loosened from {old} to {new}", FINE, NOT_CHECKED)
CHOICE_ADDED = Rule("alternative {name} added", FINE, OTHER_KIND)
CHOICE_REMOVED = Rule("alternative {name} removed", REFUSED, KIND_UNUSED)
ALL_OF_ADDED = Rule("allOf member {name} added", REFUSED, FINE)
ALL_OF_REMOVED = Rule("allOf member {name} removed", FINE, UNRELIABLE)
KEYWORD_CHANGED = Rule('"{name}" changed from {old} to {new}', CHECK, CHECK)
TOO_DEEP = Rule("changed somewhere below: nested too deep to compare", CHECK, CHECK)
