"""The running log: numbers and known codes, and no way in for anything else."""

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.domain.parties import PartyCode
from tansiq.node import journal_log
from tansiq.node.clock import SystemClock
from tansiq.node.journal_log import Event, LibraryHandler, NodeLog, known_codes


def written(tell):
    """The lines that ``tell`` makes a log write."""
    stream = io.StringIO()
    tell(NodeLog(SystemClock(), stream))
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_numbers():
    """Time, event, party, code and counts; nothing else."""
    (line,) = written(
        lambda log: log.note(Event.EXCHANGED, party=PartyCode("MOD"), code="link_down", sent=3)
    )
    assert {"at", "event", "party", "code", "sent"} == set(line)
    assert ("exchanged", "MOD", "link_down", 3) == tuple(line.values())[1:]


@given(st.text(min_size=1))
def test_no_text_passes_as_a_code_a_party_or_a_module(text):
    """Whatever is handed in, only what is known comes out."""
    (line,) = written(
        lambda log: log.note(Event.EXCHANGED, party=PartyCode(text), code=text, module=text)
    )
    assert line["code"] in known_codes()
    assert line["party"] == "unknown" or line["party"].isupper()
    assert line["module"] == "unknown" or "." in line["module"] or line["module"].isidentifier()
    if text not in known_codes():
        assert line["code"] == "unknown"


@pytest.mark.parametrize("value", ["text", b"bytes", 1.5, True, None, ["text"]])
def test_only_whole_numbers_are_counts(value):
    """A text among the counts is a mistake of the program and ends as one."""
    with pytest.raises(TypeError):
        written(lambda log: log.note(Event.PURGED, count=value))
    with pytest.raises(ValueError, match="not a valid Event"):
        written(lambda log: log.note("somebody wrote this", count=1))


def test_what_libraries_say_stays_out():
    """A traceback that quotes a record becomes a place in the program."""

    def tell(log):
        logger = logging.Logger("tansiq.test")  # noqa: LOG001 - of this test alone
        logger.addHandler(LibraryHandler(log))
        try:
            raise ValueError("SECRETWORD")  # noqa: TRY301
        except ValueError:
            logger.exception("SECRETWORD %s", "SECRETWORD")
        logger.info("SECRETWORD")
        logger.warning("SECRETWORD")

    lines = written(tell)
    assert "SECRETWORD" not in json.dumps(lines)
    assert [("unexpected", 40), (None, 30)] == [(item.get("code"), item["level"]) for item in lines]
    assert lines[0]["line"] > 0


def test_noise_of_libraries_is_bound():
    """A stranger who provokes warnings fills no disk."""

    def tell(log):
        handler = LibraryHandler(log)
        record = logging.LogRecord("uvicorn.error", 30, "", 1, "x", (), None)
        for _ in range(1000):
            handler.emit(record)

    assert len(written(tell)) == journal_log.LINES_A_SECOND_MAX
