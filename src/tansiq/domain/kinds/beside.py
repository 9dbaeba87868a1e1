"""The words beside a step of a case, as a kind: a record with a label and a recall of its own.

A room names the kind and says who may write it. It asks for no attention: its case waits for whose
turn it is.
"""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.kind import Kind
from tansiq.domain.parties import WATCH, Role


def words_beside(name: str, letter: str, *further: Field, writers: frozenset[Role] = WATCH) -> Kind:
    """The kind of that name, whose records have the ``letter``; ``further`` fields follow the
    text.
    """
    return Kind(
        name=name,
        version=1,
        letter=letter,
        fields=(
            Field(name="about", type=Type.RECORD, required=True, hidden=True),
            Field(name="step", type=Type.STEP, required=True, hidden=True),
            Field(name="text", type=Type.TEXT, searchable=True),
            *further,
            Field(name="internal", type=Type.TEXT, above=False, fixed=True, searchable=True),
        ),
        states=("given",),
        writers=writers,
        about="about",
        inbox=False,
    )
