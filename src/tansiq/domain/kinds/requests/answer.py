"""The words of an answer: a record that stands beside a step of a request for information.

What was answered, "we have no information" too, is told by the step; the words have a label, a
preview and a recall of their own.
"""

from tansiq.domain.fields import Field, Type
from tansiq.domain.kinds.beside import words_beside

ANSWER = words_beside(
    "answer",
    "A",
    Field(name="unknowns", type=Type.UNKNOWNS, searchable=True),
    Field(name="grade", type=Type.GRADE),
)
