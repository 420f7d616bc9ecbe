"""The tables of docs/model.md, written from the parts: what each is for, and over which accounts they meet."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from models.assemble import build
from models.book import Book
from models.instance import Instance
from models.ledger import Ledger
from models.part import Part
from models.parts import parts
from tests.models.golden import everything, tiny

Posts = dict[str, list[str]]


def tables() -> dict[str, str]:
    """Markdown by marker."""
    instance = everything()  # has every table, so that every part acts
    book, _, _ = _figures(instance)
    _, posted, wanted = _figures(tiny(*parts()))  # with ways that take time, which hold back what others show
    return {
        "parts": _markdown(("part", "scope", "what it is"), map(_part, parts())),
        "accounts": _markdown(("account", "kind", "from", "read by"), _accounts()),
        "money": _markdown(("account", "charged by"), _by_account(_charges(instance, book))),
        "figures": _markdown(
            ("figures", "posted by", "read by"),
            ((f"`{name}`", _names(posted[name]), _names(wanted.get(name, ()))) for name in posted),
        ),
    }


def _part(part: Part) -> tuple[str, str, str]:
    module = __import__(type(part).__module__, fromlist=["_"])
    first = (module.__doc__ or "").splitlines()[0].partition(": ")[2].rstrip(".")
    return f"[`{part.name}`](../models/parts/{part.name}.py)", part.scope.value, first


def _accounts() -> Iterator[tuple[str, str, str, str]]:
    for owner in parts():
        for account in owner.owns:
            posting = [part.name for part in parts() if account in part.posts]
            yield f"`{account}`", "posted", _names(posting), _names([owner.name])
    for owner in parts():
        for account in owner.offers:
            using = [part.name for part in parts() if account in part.uses]
            yield f"`{account}`", "offered", _names([owner.name]), _names(using)


class _Recorder:
    """Stands for a part in a build, and notes the accounts that it charges."""

    def __init__(self, part: Part, charged: Posts) -> None:
        self._part, self._charged = part, charged

    def declare(self, m: Any, ledger: Ledger) -> None:
        before = len(ledger.charges)
        self._part.declare(m, ledger)
        self._note(ledger, before)

    def constrain(self, m: Any, ledger: Ledger) -> None:
        before = len(ledger.charges)
        self._part.constrain(m, ledger)
        self._note(ledger, before)

    def _note(self, ledger: Ledger, before: int) -> None:
        for charge in ledger.charges[before:]:
            self._charged[charge.account].append(self._part.name)


def _charges(instance: Instance, book: Book) -> Posts:
    charged: Posts = defaultdict(list)
    build(instance, book, cast(Sequence[Part], [_Recorder(part, charged) for part in parts()]))
    return charged


class _NotedBook(Book):
    """A book that notes which part posts to an account of figures, and which reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.part = ""
        self.posts: Posts = defaultdict(list)
        self.reads: Posts = defaultdict(list)

    def post(self, account: str, figure: Any) -> None:
        self.posts[account].append(self.part)
        super().post(account, figure)

    def posted(self, account: str) -> list[Any]:
        self.reads[account].append(self.part)
        return super().posted(account)


def _figures(instance: Instance) -> tuple[Book, Posts, Posts]:
    book = _NotedBook()
    for hook in ("prepare", "derive"):
        for part in parts():
            book.part = part.name
            getattr(part, hook)(instance, book)
    return book, book.posts, book.reads


def _by_account(posts: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for account in sorted(posts):
        yield f"`{account}`", _names(posts[account])


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)
