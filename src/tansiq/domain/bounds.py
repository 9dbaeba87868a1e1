"""Every limit of the system, in one place. Sizes in bytes, times in milliseconds unless the name
says so.
"""

from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The limits; a node cannot be configured past them."""

    # canonical values
    entry_bytes_max: int = 256 * KIB
    json_depth_max: int = 12
    json_items_max: int = 4_096
    integer_max: int = 2**53 - 1
    moment_max: int = (
        253_402_300_799_999  # the end of the year 9999, the last that a calendar prints
    )
    # records
    text_chars_max: int = 4_000
    line_chars_max: int = 400
    links_max: int = 40
    rows_max: int = 60  # of a table in one field
    stock_soon_days: int = 30  # before what is in stock expires, it is shown and asks for attention
    stock_batches_max: int = 500  # of one page or file
    unknowns_max: int = 40
    area_positions_max: int = 60
    area_reach_metres_max: int = 1_000_000  # from the middle of an area to any of its positions
    margin_metres_max: int = 50_000  # around an activity
    margin_minutes_max: int = 10_080
    site_near_metres: int = 2_000  # so near to an activity a protected site is told with it
    neighbours_max: int = 200  # that one activity meets, overlaps first
    spells_max: int = 370  # of one activity: each day of a year
    parties_max: int = 32
    rules_max: int = 64
    attachment_bytes_max: int = 25 * MIB
    attachments_per_record_max: int = 8
    chunk_bytes_max: int = 128 * KIB
    # exchange
    parcel_entries_max: int = 2_000
    parcel_run_bytes_max: int = 2 * MIB  # what a broken link makes a sender repeat at most
    parcel_plain_bytes_max: int = 8 * MIB
    parcel_bytes_max: int = 8 * MIB
    parcels_waiting_max: int = 64
    files_asked_max: int = 16  # of which one parcel asks for bytes
    pieces_bytes_max: int = 2 * MIB  # bytes of files in one parcel
    room_bytes_min: int = 32 * KIB  # of a parcel on the slowest link
    card_bytes_max: int = 8 * KIB
    paper_bytes_max: int = 12 * KIB  # a revocation with the card of the node that goes on
    papers_per_parcel_max: int = 4
    key_overlap_ms: int = 7 * 24 * 3600 * 1000  # how long a key that was replaced still opens doors
    silent_ms: int = 24 * 3600 * 1000  # a partner not heard of for so long is called silent
    clock_skew_ms_max: int = 10 * 60 * 1000
    clock_jump_ms_max: int = 60 * 24 * 3600 * 1000  # further ahead, a clock must be confirmed
    stick_files_max: int = 1_000
    readers_max: int = 64  # positions that a partner may name as having read one release
    # cases
    case_after_max: int = 32  # entries that a step names as known
    case_values_max: int = 64  # of one step
    case_steps_max: int = 512  # of one lane that a node takes up, half of them of each side
    case_lines_max: int = 64  # lines of one lane that one author counts, of whatever steps
    case_counts_max: int = 2_000  # times that one author counts a line of one lane
    case_waiting_max: int = 1_000  # steps of one party that wait for roots which have not come
    case_waiting_days: int = 90  # how long such a step is kept
    case_decisions_max: int = 64  # of one author in one lane: they are what a fold pays for
    # sealed checks
    sealed_kilometres_max: int = 400  # square kilometres of the area that one check asks about
    sealed_hours_max: int = 48
    sealed_elements_max: int = 5_000  # cells of area and time of one check, margins included
    sealed_elements_own_max: int = 20_000  # of all that an answering node has planned
    sealed_checks_a_day: int = 10  # of one party at another, in any 24 hours
    sealed_elements_a_day: int = 10_000
    sealed_waiting_max: int = 20  # unanswered checks of one party that a node looks at
    sealed_part_bytes_max: int = 24 * KIB  # of one entry, so that what is urgent waits for none
    # web
    form_bytes_max: int = 26 * MIB  # a partner's parcel from a stick, or files with a record
    take_back_ms: int = 5_000  # so long a release by a person is held back, unless told otherwise
    form_ms: int = 48 * 3600 * 1000  # so long after a page was made its forms can be saved
    forms_max: int = 20_000  # saved in that time: of more, the oldest pages count no longer
    page_rows_max: int = 100
    counted_max: int = 1_000
    sheet_rows_max: int = 10_000  # of one list as a file
    print_rows_max: int = 1_000  # of one list on paper, or as PDF
    calendar_rows_max: int = 1_000  # of one list as a calendar
    map_points_max: int = 1_500
    sign_on_failures_max: int = 5
    sign_on_locked_ms: int = 15 * 60 * 1000
    live_streams_max: int = 64
    live_streams_person_max: int = 16  # pages that one person has open at one position
    # access log
    access_items_max: int = 1_000  # records named in one entry; more make another entry
    access_asked_max: int = 12  # filters kept of one question
    access_remembered_max: int = 200_000  # what was noted in this hour, so as not to repeat it
    rest_ms: int = 15 * 60 * 1000  # without work a screen is locked
    shift_ms: int = 13 * 3600 * 1000  # a shift of twelve hours and its handover
    sessions_max: int = 3  # browsers in which one person may be signed on
    half_sign_on_ms: int = 5 * 60 * 1000  # between a passphrase and its second factor
    factors_max: int = 8  # of one person
    credential_bytes_max: int = 16 * KIB  # what a passkey answers
    # import
    import_file_bytes_max: int = 2 * 1024 * MIB
    import_row_bytes_max: int = 64 * KIB
    import_batch_rows: int = 500
    workbook_bytes_max: int = 8 * MIB
    workbook_unpacked_bytes_max: int = 64 * MIB
    workbook_rows_max: int = 20_000
    workbook_columns_max: int = 64


BOUNDS: Final = Bounds()
