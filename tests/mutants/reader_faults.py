"""Faults of the reader of what people write: coordinates, days, inflected words, persons."""

from tests.mutants.planting import Fault

READ = "tests.unit.test_reading_people"

READER_FAULTS = (
    Fault(
        name="a number tells of the hurt and of the dead",
        where="tansiq.desk.reader.lines:_counts",
        old="free.discard(beside)",
        new="pass",
        killer=f"{READ}:test_j1_the_words_of_a_line_are_understood_in_each_language",
        given={
            "text": "injured 3, dead 2 in a fire",
            "codes": ["category:fire", "hurt:3", "dead:2"],
        },
    ),
    Fault(
        name="longitude before latitude is taken for latitude",
        where="tansiq.desk.reader.positions:_paired",
        old="if one.side in east or other.side in north:",
        new="if False:",
        killer="tests.unit.test_positions:test_c3_every_common_notation_is_read",
        given={"text": "43.58E 35.78N"},
    ),
    Fault(
        name="a swapped position is not asked about",
        where="tansiq.domain.place_doubts:_sound",
        old="if not _inside(place) or place.lat is None or place.lon is None:",
        new="if place.lat is None or place.lon is None:",
        killer=f"{READ}:test_c3_a_place_that_is_hardly_meant_is_asked_about",
        given={"name": "", "lat": 43.58, "lon": 35.78, "code": "place_swapped"},
    ),
    Fault(
        name="an edit loses the seventh decimal",
        where="tansiq.web.shell.places:_degree",
        old='f"{part:07d}"',
        new='f"{part:07d}"[:5]',
        killer=f"{READ}:test_c3_what_a_form_shows_is_what_it_holds",
    ),
    Fault(
        name="the row decides which comes first, day or month",
        where="tansiq.domain.typed_times:order_of",
        old="if open_day and not proofs:",
        new="if False:",
        killer=f"{READ}:test_c2_a_column_that_does_not_tell_is_asked_about",
        given={"days": ["06/05/2020"], "code": "import_dates_open"},
    ),
    Fault(
        name="an Arabic particle hides a word from the search",
        where="tansiq.domain.inflection:_spellings",
        old='[folded, f"{MARK}{folded}{MARK}"]',
        new="[folded]",
        killer=f"{READ}:test_c6_words_are_found_in_any_inflection_and_writing",
        given={"text": "وسيارة محترقة", "words": "سيارة"},
    ),
    Fault(
        name="one letter less is another word, and is found all the same",
        where="tansiq.domain.inflection:_spellings",
        old='[f"{rest}{MARK}" for rest in rests]',
        new="rests",
        killer=f"{READ}:test_c6_a_particle_is_left_out_only_before_a_whole_word",
    ),
    Fault(
        name="a town hides behind a particle from the inference box",
        where="tansiq.desk.reader.naming:_says",
        old="word.forms & _bare(said)",
        new="{word.text} & _bare(said)",
        killer=f"{READ}:test_a11_a_town_is_found_in_any_inflection",
        given={"text": "بطوز خورماتو", "key": "tuz-khurmatu"},
    ),
    Fault(
        name="a telephone number is saved in silence",
        where="tansiq.domain.persons:_is_phone",
        old="if len(digits) in (10, 11):",
        new="if False:",
        killer=f"{READ}:test_persons_are_noticed",
        given={"sign": "phone", "text": "Call 0750-123-4567 now"},
    ),
)
