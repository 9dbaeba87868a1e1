"""The guides as they are kept, one Markdown file a guide and language, and as pages show them.

The files are ours: no text of a person is ever read here. Links to other guides lead to their
pages; the line under the heading, which leads to the other languages, is left out, because the page
has its own choice of language.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from tansiq.domain.errors import InputError
from tansiq.domain.parties import Role
from tansiq.web.shell.dates import said

# The guides in the order of the list, each with the roles whose own one it is.
GUIDES: Final[dict[str, tuple[Role, ...]]] = {
    "duty-officer": (Role.DUTY_OFFICER, Role.SENIOR_DUTY_OFFICER),
    "liaison-officer": (Role.LIAISON_OFFICER,),
    "operations": (),
    "support-desk": (Role.SUPPORT_DESK,),
    "reform-manager": (Role.PROGRAMME_MANAGER,),
    "training-manager": (Role.TRAINING_MANAGER,),
    "adviser": (Role.ADVISER,),
    "auditor": (Role.AUDITOR,),
    "administrator": (Role.ADMINISTRATOR,),
    "observer": (Role.OBSERVER,),
}
PICTURES: Final = "guide"  # the folder of the pictures among the static files


class Guide(NamedTuple):
    """A guide in one language: its heading, and the rest as markup."""

    name: str
    title: str
    body: Markup


def own_guide(role: Role) -> str:
    """The name of the guide of a role."""
    return next(name for name, roles in GUIDES.items() if role in roles)


@cache
def guide(name: str, language: str) -> Guide:
    """A guide in one language. Raises InputError for a name that no guide has."""
    if name not in GUIDES:
        raise InputError("record_absent")
    text = (resources.files(__package__) / "texts" / language / f"{name}.md").read_text("utf-8")
    first, _, rest = text.partition("\n")
    if rest.lstrip().startswith("["):  # to the other languages
        rest = rest.lstrip().partition("\n")[2]
    body = Markup(_MARKDOWN.render(rest))  # noqa: S704 - our own text, without HTML in it
    return Guide(name, first.removeprefix("# ").strip(), body)


class _Pages(RendererHTML):
    """Markup for our pages: runs that read left to right are isolated, codes are keys, tables lie
    in the frame of all tables.
    """

    def text(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        """Words, with what reads left to right isolated."""
        return str(said(tokens[at].content))

    def code_inline(
        self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        """A key, an address, or what is typed."""
        return str(Markup('<kbd dir="ltr">{}</kbd>').format(tokens[at].content))

    def table_open(
        self, _tokens: Sequence[Token], _at: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        """A table as those of the lists."""
        return '<div class="table-wrap" tabindex="0"><table class="data">'

    def table_close(
        self, _tokens: Sequence[Token], _at: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        """The end of a table and of its frame."""
        return "</table></div>"

    def link_open(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A link to another guide."""
        target = str(tokens[at].attrGet("href") or "")
        tokens[at].attrSet("href", f"/guide/{target.removesuffix('.md')}")
        return self.renderToken(tokens, at, options, env)


_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Pages).enable("table")
