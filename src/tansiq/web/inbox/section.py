"""The section of what partners released, and of replies to it."""

from typing import Final

from tansiq.desk.records import inbox
from tansiq.web.inbox import replies, together, views
from tansiq.web.shell.addresses import page, part
from tansiq.web.shell.sections import Entry, Group, Key, Section, Where, of_position

SECTION: Final = Section(
    name="inbox",
    word="section.inbox",
    addresses=(
        page("inbox", views.page, "inbox"),
        part("inbox/part", views.part, "inbox-part"),
        page("inbox/acknowledge", together.acknowledge, "inbox-acknowledge"),
        page("record/<str:owner>/<uuid:record>/reply/<str:kind>", replies.page, "reply",
             word="place.reply"),
    ),
    entries=(
        Entry(name="inbox", path="/inbox", group=Group.WATCH, key="4",
              count=of_position(inbox.unread_count), loud="urgent"),
    ),
    keys=(
        Key(names=("X",), word="inbox.choose", where=Where.RECORD),
        Key(names=("A",), word="reply.acknowledgement", where=Where.RECORD),
        Key(names=("D",), word="reply.dispute", where=Where.RECORD),
    ),
)  # fmt: skip
