"""Sites: every place and keyword of a schema that one fault can break, found by walking the schema.

Schemas that only ask a question (`not`, `if`, `contains`, `propertyNames`) are not entered: the keyword that
asks is the site. A schema met again below itself has the same sites again, so it is not entered twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from contracts.errors import GenerationError
from contracts.generate.canonical import WORDLESS, Plan, SchemaRef
from contracts.generate.leaves import TYPES
from contracts.generate.places import From, Matching, Others, Step, Steps
from contracts.model import Json, Pointer
from contracts.patterns import search
from contracts.schema import FORMATS, NUMBER_FORMATS

MOST: Final = 3_000
"""How many sites are looked for; a schema with more says so."""

ROOT: Final[SchemaRef] = 1
"""The number of a plan's own schema: a plan numbers it first."""

Held: TypeAlias = tuple[SchemaRef, tuple[str, ...]]
"""A schema that holds beside others at a place, and the keywords of it that are left out of account."""


@dataclass(frozen=True, slots=True, eq=False)
class Here:
    """One schema at one place: how it is reached, and what else holds there because of that.

    `choices` are the branches taken on the way, so that schemas of different branches are not mixed up;
    `over` and `mine` are the identities of the schemas passed at the places above and at this one.
    """

    lit: SchemaRef
    steps: Steps = ()
    path: str = "$"
    beside: tuple[Held, ...] = ()
    choices: tuple[tuple[SchemaRef, str, int], ...] = ()
    above: Here | None = None
    over: frozenset[int] = frozenset()
    mine: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A keyword that one fault can break: `key` names the property or position the fault is told at.

    `of` is the name or pattern that it hangs on, `spec` where the keyword stands in the document; None where
    the document is entered by another name.
    """

    here: Here
    keyword: str
    key: str | int | None = None
    of: str = ""
    spec: Pointer | None = None

    @property
    def name(self) -> str:
        """Give `<path>!<keyword>`, the path down to what is missing or too much where that is known."""
        if self.keyword == "false" and self.of:
            return f"{self.here.path}./{self.of}/!false"
        name = self.of or self.key
        key = "" if name is None else f"[{name}]" if isinstance(name, int) else f".{name}"
        return f"{self.here.path}{key}!{self.keyword}"


@dataclass(frozen=True, slots=True)
class Survey:
    """All sites of a schema by path, the schemas of each path, and whether there are more."""

    sites: Mapping[str, tuple[Site, ...]]
    heres: Mapping[str, tuple[Here, ...]]
    cut: bool

    def named(self, steps: Steps) -> Iterator[Here]:
        """Yield the schemas of properties that are named, where the last step is a pattern of their names."""
        last = steps[-1] if steps else None
        if not isinstance(last, Matching):
            return
        for heres in self.heres.values():
            *way, name = heres[0].steps or (None,)
            if isinstance(name, str) and tuple(way) == steps[:-1] and search(last.pattern, name):
                yield from heres


def survey(plan: Plan) -> Survey:
    """Walk a plan's schema breadth first."""
    return _Walk(plan).run()


class _Walk:
    """One walk."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.spots = _spots(plan.subject.document)
        self.todo = deque([Here(ROOT)])
        self.seen: set[tuple[SchemaRef, str, tuple[tuple[SchemaRef, str, int], ...]]] = set()
        self.heres: dict[str, list[Here]] = {}
        self.sites: dict[str, dict[tuple[str, str], Site]] = {}
        self.count = 0

    def run(self) -> Survey:
        while self.todo and self.count < MOST:
            self._visit(self.todo.popleft())
        return Survey(
            {path: tuple(sites.values()) for path, sites in self.sites.items()},
            {path: tuple(heres) for path, heres in self.heres.items()},
            bool(self.todo),
        )

    def _visit(self, here: Here) -> None:
        schema = self.plan.schema(here.lit)
        if not isinstance(schema, dict) or id(schema) in here.over | here.mine:
            return
        if (here.lit, here.path, here.choices) in self.seen:
            return
        self.seen.add((here.lit, here.path, here.choices))
        self.heres.setdefault(here.path, []).append(here)
        for keyword, asked in schema.items():
            if keyword in _INSIDE:
                _INSIDE[keyword](self, here, schema)
            for key in _keys(keyword, asked, schema):
                self.site(here, keyword, key)

    def site(
        self,
        here: Here,
        keyword: str,
        key: str | int | None,
        spec: tuple[str | int, ...] = (),
        of: str = "",
    ) -> None:
        """Note a site once; `spec` is where it stands below its schema, when not under the keyword's name."""
        place = self.spots.get(id(self.plan.schema(here.lit)))
        full = None if place is None else Pointer((*place, *(spec or (keyword,))))
        site = Site(here, keyword, key, of, full)
        if self.sites.setdefault(here.path, {}).setdefault((site.name, str(full)), site) is site:
            self.count += 1

    def same(
        self, here: Here, lit: SchemaRef, beside: tuple[Held, ...], choice: tuple[str, int] | None = None
    ) -> None:
        """Enter a schema that speaks of the same value."""
        choices = here.choices if choice is None else (*here.choices, (here.lit, *choice))
        held = (*here.beside, *beside)
        mine = here.mine | {id(self.plan.schema(here.lit))}
        self.todo.append(replace(here, lit=lit, beside=held, choices=choices, mine=mine))

    def below(self, here: Here, step: Step, path: str, lit: SchemaRef) -> None:
        """Enter a schema of a property or item."""
        over = here.over | here.mine | {id(self.plan.schema(here.lit))}
        steps, path = (*here.steps, step), f"{here.path}{path}"
        self.todo.append(Here(lit, steps, path, choices=here.choices, above=here, over=over))

    def sub(self, here: Here, schema: Json) -> SchemaRef:
        return self.plan.sub(here.lit, schema)


def _spots(document: Json) -> dict[int, Pointer]:
    """Say where each schema object stands, as long as no other resource begins on the way."""
    found: dict[int, Pointer] = {}
    todo: list[tuple[Json, Pointer]] = [(document, Pointer())]
    while todo:
        node, at = todo.pop()
        if isinstance(node, dict) and not (at and "$id" in node):
            found.setdefault(id(node), at)
            todo.extend((value, at / key) for key, value in node.items())
        elif isinstance(node, list):
            todo.extend((value, at / index) for index, value in enumerate(node))
    return found


# ---- which keywords are sites of their own


def _keys(keyword: str, asked: Json, schema: Mapping[str, Json]) -> Iterator[str | int | None]:
    """Yield None for a keyword that can be broken as a whole, or each name that it asks for."""
    if keyword == "required":
        yield from asked
    elif keyword == "dependentRequired":
        yield from dict.fromkeys(other for others in asked.values() for other in others)
    elif keyword == "discriminator":
        if isinstance(asked, dict) and isinstance(asked.get("propertyName"), str):
            yield asked["propertyName"]
    elif keyword in _SAYS and _SAYS[keyword](asked, schema):
        yield None


def _chosen(asked: Json, schema: Mapping[str, Json]) -> bool:
    """Whether no branch takes everything."""
    return not any(sub is True or (isinstance(sub, dict) and not set(sub) - WORDLESS) for sub in asked)


def _limits(asked: Json, schema: Mapping[str, Json]) -> bool:
    return True


def _is_some(asked: Json, schema: Mapping[str, Json]) -> bool:
    return bool(asked)


def _is_narrow(asked: Json, schema: Mapping[str, Json]) -> bool:
    return asked not in (True, {})


_SAYS: Final[Mapping[str, Callable[[Json, Mapping[str, Json]], bool]]] = {
    **dict.fromkeys(("enum", "const", "multipleOf", "minimum", "maximum", "oneOf", "pattern"), _limits),
    **dict.fromkeys(
        ("exclusiveMinimum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), _limits
    ),
    **dict.fromkeys(("minLength", "minItems", "minProperties", "uniqueItems"), _is_some),
    **dict.fromkeys(("propertyNames", "unevaluatedProperties", "unevaluatedItems"), _is_narrow),
    "type": lambda asked, schema: not {*(asked if isinstance(asked, list) else [asked])} >= {*TYPES},
    "format": lambda asked, schema: isinstance(asked, str) and (asked in FORMATS or asked in NUMBER_FORMATS),
    "contains": lambda asked, schema: "minContains" not in schema,
    "minContains": lambda asked, schema: bool(asked) and "contains" in schema,
    "maxContains": lambda asked, schema: "contains" in schema,
    "additionalProperties": lambda asked, schema: asked is False,
    "items": lambda asked, schema: asked is False,
    "not": lambda asked, schema: asked is not False,
    "anyOf": _chosen,
}
"""For each keyword that can be broken as a whole, whether it forbids anything."""


# ---- where a schema leads


def _ref(walk: _Walk, here: Here, schema: Json) -> None:
    for keyword in ("$ref", "$dynamicRef"):
        if isinstance(schema.get(keyword), str):
            try:
                lit = walk.plan.target(here.lit, keyword)
            except GenerationError as error:
                walk.plan.notice(str(error))
            else:
                walk.same(here, lit, ((here.lit, (keyword,)),))


def _all(walk: _Walk, here: Here, schema: Json) -> None:
    subs = [walk.sub(here, sub) for sub in schema["allOf"]]
    for index, lit in enumerate(subs):
        others = tuple((other, ()) for place, other in enumerate(subs) if place != index)
        walk.same(here, lit, ((here.lit, ("allOf",)), *others))


def _either(keyword: str) -> Callable[[_Walk, Here, Json], None]:
    def enter(walk: _Walk, here: Here, schema: Json) -> None:
        if keyword == "anyOf" and not _chosen(schema[keyword], schema):
            return
        subs = [walk.sub(here, sub) for sub in schema[keyword]]
        for index, lit in enumerate(subs):
            others = tuple((-other, ()) for place, other in enumerate(subs) if place != index)
            walk.same(here, lit, ((here.lit, (keyword,)), *others), (keyword, index))

    return enter


def _if(walk: _Walk, here: Here, schema: Json) -> None:
    test, rest = walk.sub(here, schema["if"]), (here.lit, ("if", "then", "else"))
    for keyword, lit in (("then", test), ("else", -test)):
        if schema.get(keyword) is False:
            walk.site(here, keyword, None)
        elif keyword in schema:
            walk.same(here, walk.sub(here, schema[keyword]), (rest, (lit, ())), (keyword, 0))


def _dependent(walk: _Walk, here: Here, schema: Json) -> None:
    for name, sub in schema["dependentSchemas"].items():
        if sub is False:
            walk.site(here, "dependentSchemas", None, ("dependentSchemas", name), name)
            continue
        asks = walk.sub(here, {"type": "object", "required": [name]})
        walk.same(
            here,
            walk.sub(here, sub),
            ((here.lit, ("dependentSchemas",)), (asks, ())),
            (f"dependentSchemas {name}", 0),
        )


def _properties(walk: _Walk, here: Here, schema: Json) -> None:
    for name, sub in schema["properties"].items():
        if sub is False:
            walk.site(here, "false", name, ("properties", name))
        elif walk.plan.writable(sub) or name in schema.get("required", ()):
            walk.below(here, name, f".{name}", walk.sub(here, sub))


def _patterns(walk: _Walk, here: Here, schema: Json) -> None:
    for pattern, sub in schema["patternProperties"].items():
        if sub is not False:
            walk.below(here, Matching(pattern), f"./{pattern}/", walk.sub(here, sub))
            continue
        for name in walk.plan.matching_name(pattern):
            walk.site(here, "false", name, ("patternProperties", pattern), pattern)
            break


def _additional(walk: _Walk, here: Here, schema: Json) -> None:
    if schema["additionalProperties"] is not False:
        names = frozenset(schema.get("properties", ()))
        step = Others(names, tuple(schema.get("patternProperties", ())))
        walk.below(here, step, ".*", walk.sub(here, schema["additionalProperties"]))


def _prefix(walk: _Walk, here: Here, schema: Json) -> None:
    for index, sub in enumerate(schema["prefixItems"]):
        if sub is False:
            walk.site(here, "false", index, ("prefixItems", index))
        else:
            walk.below(here, index, f"[{index}]", walk.sub(here, sub))


def _items(walk: _Walk, here: Here, schema: Json) -> None:
    start = len(schema.get("prefixItems", ()))
    if schema["items"] is not False:
        walk.below(here, From(start) if start else None, "[]", walk.sub(here, schema["items"]))


_INSIDE: Final[Mapping[str, Callable[[_Walk, Here, Json], None]]] = {
    "$ref": _ref, "$dynamicRef": _ref, "allOf": _all, "anyOf": _either("anyOf"), "oneOf": _either("oneOf"),
    "if": _if, "dependentSchemas": _dependent, "properties": _properties, "patternProperties": _patterns,
    "additionalProperties": _additional, "prefixItems": _prefix, "items": _items,
}  # fmt: skip
