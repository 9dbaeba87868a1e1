"""What a form would ask about before it saves, an import asks about too: by leaving the row out.

The report says why, and an option of the verb answers for all rows of a second run.
"""

from tansiq.desk.records.imported import ImportOptions, Sure
from tansiq.domain.errors import InputError
from tansiq.domain.fields import Type, texts_in
from tansiq.domain.kinds import Kind
from tansiq.domain.persons import persons_in
from tansiq.domain.place_doubts import NOWHERE, place_doubts
from tansiq.domain.places import place_from_json
from tansiq.domain.records import Body
from tansiq.domain.wording import phrase


def demand_sure(kind: Kind, body: Body, options: ImportOptions) -> None:
    """Raises InputError where a checked body is doubtful and nobody answered for it."""
    for field in kind.fields:
        value = body.get(field.name)
        if value is None:
            continue
        if field.type is Type.PLACE and Sure.PLACES not in options.sure:
            for doubt in place_doubts(place_from_json(value)):
                if doubt.code == NOWHERE:  # the report counts those: a table has what it has
                    continue
                said = phrase(f"doubt.{doubt.code}", options.language, **doubt.values)
                raise InputError("import_doubt", doubt=said, option=_option(Sure.PLACES))
        if Sure.PERSONS not in options.sure:
            told = [person.text for text in texts_in(field, value) for person in persons_in(text)]
            if told:
                said = phrase("doubt.persons", options.language, found=told[0])
                raise InputError("import_doubt", doubt=said, option=_option(Sure.PERSONS))


def _option(sure: Sure) -> str:
    return f"--sure {sure.value}"
