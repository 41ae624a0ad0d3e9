"""Bullets of a Stainless page turned into JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import (
    Page,
    any_of,
    guess,
    json_type,
    merge,
    nullable,
    unique,
    value_of,
    with_null,
)
from contracts.vendoring.platforms.stainless.bullets import Bullet
from contracts.vendoring.platforms.stainless.types import Alternative, Member, member

_CONSTRAINT: Final = re.compile(
    r"^(format|default|minimum|maximum|minLength|maxLength|minItems|maxItems|pattern|exclusiveMinimum|exclusiveMaximum"
    r"|multipleOf)\s*:?\s*(\S.*)$"
)
_PAIR = re.compile(r"(\w+)\s*:?\s*([^,]+?)\s*(?:,\s*(?=[a-zA-Z]+\s*:)|$)")
_NUMBERS: Final = {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "exclusiveMinimum",
                   "exclusiveMaximum", "multipleOf"}  # fmt: skip
_DEFAULTS = re.compile(r"[Dd]efaults? to `([^`]+)`|[Dd]efault(?: value)?(?: is|:) `([^`]+)`")
_NULL = re.compile(
    r"(?:^|[\s`(])[Nn]ull`? (?:unless|if|when|while|until|before|for|on)\b|(?:may|can|will) be `?null\b"
    r"|`null` when\b|or `?null`?[.)]"
)
MAX_TEXT: Final = 8_000


@dataclass(slots=True)
class Builder:
    """Builds schemas for one page; knows where each named type is shown most fully."""

    page: Page
    fullest: dict[str, Bullet] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)

    def learn(self, roots: Iterable[Bullet]) -> None:
        """Remember for every type name the bullet that shows most of it."""
        for bullet in roots:
            for name in self._names(bullet):
                if name not in self.fullest or self.fullest[name].count() < bullet.count():
                    self.fullest[name] = bullet
            self.learn(bullet.children)

    def _names(self, bullet: Bullet) -> Iterator[str]:
        found = self.member(bullet)
        if found.form == "alias" and not found.name.startswith("UnionMember"):
            yield found.name
        named = [a for a in flat(found.alternatives) if a.kind in {"named", "object"} and a.name]
        if len(named) == 1 and bullet.children and not self._shows_variants(found, bullet):
            yield named[0].name

    def member(self, bullet: Bullet) -> Member:
        """Take a bullet's text apart, once."""
        if bullet.line not in self.members:
            text = bullet.text
            if len(text) > MAX_TEXT or text.count(" of ") + text.count("map[") > 40:
                raise self.page.fail(bullet.line, "a member's type is too long to be read")
            self.members[bullet.line] = member(text)
        return self.members[bullet.line]

    def _shows_variants(self, found: Member, bullet: Bullet) -> bool:
        """Whether the children are the alternatives of a union and no properties."""
        children = [self.member(c) for c in bullet.children]
        if any(c.form == "alias" or _is_bare(c) for c in children):
            return True
        return self._old_style(found, children)

    def _old_style(self, found: Member, children: list[Member]) -> bool:
        """Older pages write the alternatives of a union like properties, named in snake case."""
        names = {_plain(a.name) for a in flat(found.alternatives) if a.kind in {"named", "object"} and a.name}
        if len(names) < 2 and not (len(names) == 1 and len(children) > 0):
            return False
        shapes = [c for c in children if c.form == "property" and _is_shape(c)]
        hits = sum(_plain(c.name) in names for c in shapes)
        if len(names) >= 2:
            return hits > 0 and len(shapes) == len(children)
        prefix = len(children) > 1 and len(shapes) == len(children) and all("_" in c.name for c in children)
        return (
            prefix
            and all(c.text.startswith("object {") and not c.optional for c in children)
            and self._prefixed(names, children)
        )

    @staticmethod
    def _prefixed(names: set[str], children: list[Member]) -> bool:
        """Whether all children are named like kinds of the one named type (beta_x_a, beta_x_b of BetaX)."""
        words = [c.name.split("_") for c in children]
        common = "".join(w[0] for w in zip(*words, strict=False) if len(set(w)) == 1)
        return len(common) >= 4 and any(name.startswith(common[:8]) for name in names)

    def schema(self, bullet: Bullet) -> dict[str, Json]:
        """Build the schema of a member with what its children and its prose say."""
        found = self.member(bullet)
        schema = self.typed(found, bullet)
        description, rest = _constraints(bullet)
        _constrain(schema, rest)
        if description and "description" not in schema:
            schema = {"description": description, **schema} if "$ref" not in schema else schema
        return self._prose(schema, bullet)

    def _prose(self, schema: dict[str, Json], bullet: Bullet) -> dict[str, Json]:
        """Take from the prose what is said plainly: a default in code, and that null may come."""
        for number, line in bullet.prose:
            default = _DEFAULTS.search(line)
            if default and "default" not in schema and schema.get("type") not in ("object", "array"):
                schema["default"] = value_of(default[1] or default[2], schema.get("type"))
            if _NULL.search(line) and not nullable(schema):
                schema = guess(with_null(schema), number, "nullable")
        return schema

    def typed(self, found: Member, bullet: Bullet) -> dict[str, Json]:
        """Build the schema of the alternatives, children taken into account."""
        children = [self.member(c) for c in bullet.children]
        if bullet.children and self._shows_variants(found, bullet):
            return self._variants(found, bullet)
        null = any(a.kind == "null" for a in found.alternatives)
        rest = tuple(a for a in found.alternatives if a.kind != "null")
        literals = [
            a.value for c in children if c.form == "type" for a in c.alternatives if a.kind == "literal"
        ]
        schema = self._union(rest, bullet, literals)
        return with_null(schema) if null else schema

    def _union(self, rest: tuple[Alternative, ...], bullet: Bullet, literals: list[Json]) -> dict[str, Json]:
        plain = [a for a in rest if a.kind in {"literal", "more"}]
        others = [a for a in rest if a.kind not in {"literal", "more"}]
        if plain and not others:
            return self._enum(plain, literals, bullet)
        if plain and len(others) == 1 and others[0].name == "string" and others[0].kind == "primitive":
            return {
                "type": "string",
                "x-known-values": merge([a.value for a in plain if a.kind == "literal"], literals),
            }
        schemas = [self._one(a, bullet, literals) for a in others]
        if plain:
            arrays = any(a.kind == "array" for a in others)
            schemas.append(
                self._enum(plain, [v for v in literals if not arrays or isinstance(v, str)], bullet)
            )
        return any_of(schemas)

    def _enum(self, plain: list[Alternative], literals: list[Json], bullet: Bullet) -> dict[str, Json]:
        shown = [a.value for a in plain if a.kind == "literal"]
        missing = sum(a.value for a in plain if a.kind == "more")
        values = merge(shown, literals)
        kinds = sorted({json_type(v) for v in values})
        schema: dict[str, Json] = {"type": kinds[0] if len(kinds) == 1 else kinds}
        if len(values) < len(shown) + missing:
            self.notices.append(
                f"{self.page.name}:{bullet.line}: {len(shown) + missing - len(values)} "
                "of the allowed values are not on the page"
            )
            return schema | {"x-known-values": values}
        return schema | ({"const": values[0]} if len(values) == 1 else {"enum": values})

    def _one(self, a: Alternative, bullet: Bullet, literals: list[Json]) -> dict[str, Json]:
        if a.kind == "primitive":
            return {"type": a.name} if a.name else {}
        if a.kind == "array":
            return {"type": "array", "items": self._union(a.items, bullet, literals)}
        if a.kind == "map":
            inner = self._union(a.items, Bullet("", bullet.line), [])
            return {"type": "object", "additionalProperties": inner or True}
        if a.kind == "object":
            return self._object(bullet.children, a.name, bullet)
        return self._named(a, bullet, literals)

    def _named(self, a: Alternative, bullet: Bullet, literals: list[Json]) -> dict[str, Json]:
        """A named type: what its own children say, or what the page says of it where it is shown fully."""
        full = self.fullest.get(a.name)
        if (
            full is not None
            and full is not bullet
            and full.count() > bullet.count()
            and a.name not in self.open
        ):
            self.open.append(a.name)
            try:
                return self._from_full(a, full)
            finally:
                self.open.pop()
        if literals and all(self.member(c).form == "type" for c in bullet.children):
            return self._enum([], literals, bullet)
        if any(self.member(c).form == "property" for c in bullet.children):
            return self._object(bullet.children, a.name, bullet)
        if bullet.children:
            return self._variants(Member(a.name, "type", False, (a,)), bullet)
        if a.text.startswith(a.name + " {") or "{" in a.text:
            return {"type": "object"}
        self.notices.append(
            f"{self.page.name}:{bullet.line}: the type {a.name[:60]} is not shown on the page"
        )
        return {"title": a.name[:60]}

    def _from_full(self, a: Alternative, full: Bullet) -> dict[str, Json]:
        found = self.member(full)
        if found.form == "alias":
            return self.typed(Member("", "type", False, found.alternatives), full)
        children = [self.member(c) for c in full.children]
        literals = [
            x.value for c in children if c.form == "type" for x in c.alternatives if x.kind == "literal"
        ]
        return self._named(a, full, literals)

    def _object(self, children: list[Bullet], name: str, bullet: Bullet) -> dict[str, Json]:
        full = self.fullest.get(name) if name else None
        if (
            full is not None
            and full is not bullet
            and full.count() > bullet.count()
            and name not in self.open
        ):
            children = full.children
        properties = [c for c in children if self.member(c).form == "property"]
        schema: dict[str, Json] = {"type": "object"}
        if properties:
            schema["properties"] = {self.member(c).name: self.schema(c) for c in properties}
        required = [self.member(c).name for c in properties if not self.member(c).optional]
        return schema | ({"required": list(dict.fromkeys(required))} if required else {})

    def _variants(self, found: Member, bullet: Bullet) -> dict[str, Json]:
        """A union whose alternatives are the children."""
        null = any(a.kind == "null" for a in found.alternatives)
        array = (
            len([a for a in found.alternatives if a.kind != "null"]) == 1
            and found.alternatives[0].kind == "array"
        )
        maps = found.alternatives[0].kind == "map" if found.alternatives else False
        schemas = [self._variant(c) for c in bullet.children]
        listed = self._unlisted(found, bullet, array or maps)
        schema = any_of(unique([*schemas, *listed]))
        if array:
            schema = {"type": "array", "items": schema}
        elif maps:
            schema = {"type": "object", "additionalProperties": schema}
        return with_null(schema) if null else schema

    def _variant(self, child: Bullet) -> dict[str, Json]:
        return self.schema(child)

    def _unlisted(self, found: Member, bullet: Bullet, wrapped: bool) -> list[dict[str, Json]]:
        """Primitive alternatives of the head that have no bullet of their own."""
        head = found.alternatives[0].items if wrapped and found.alternatives else found.alternatives
        primitives = [a for a in head if a.kind in {"primitive", "array", "map"} and a.kind != "null"]
        shown = [a.kind for c in bullet.children for a in self.member(c).alternatives]
        return [self._one(a, Bullet("", bullet.line), []) for a in primitives if a.kind not in shown]

    def body(self, roots: list[Bullet]) -> dict[str, Json] | None:
        """Build the schema of a section: its properties, or the one wrapper bullet that holds them."""
        if not roots:
            return None
        forms = {self.member(r).form for r in roots}
        if forms == {"property"}:
            return self._object(roots, "", Bullet("", roots[0].line, roots))
        schemas = [self.schema(r) for r in roots if self.member(r).form != "property"]
        return any_of(unique(schemas))

    def line(self, roots: list[Bullet], name: str) -> int:
        """Give the line that lists a member by its dotted name, or the nearest above it when none does."""
        here, line = roots, roots[0].line if roots else 0
        for part in name.split(".") if name else ():
            level = here
            while level and not (named := [b for b in level if self.member(b).name == part.rstrip("[]")]):
                level = [child for b in level for child in b.children]
            if not level:
                return line
            here, line = named[0].children, named[0].line
        return line


def flat(found: Iterable[Alternative]) -> Iterator[Alternative]:
    """Yield alternatives and those inside arrays."""
    for one in found:
        yield one
        if one.kind == "array":
            yield from flat(one.items)


def _is_bare(found: Member) -> bool:
    """Whether a member is a type without a name, and no literal."""
    return found.form == "type" and any(a.kind not in {"literal", "more"} for a in found.alternatives)


def _is_shape(found: Member) -> bool:
    return not found.optional and all(a.kind in {"object", "named"} for a in found.alternatives)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _constraints(bullet: Bullet) -> tuple[str, dict[str, str]]:
    """Part the prose into description and lines of constraints (`format: date-time`, `minLength: 1`)."""
    kept, found = [], {}
    for number, line in bullet.prose:
        if _CONSTRAINT.match(line):
            found.update(dict(_PAIR.findall(line)))
        else:
            kept.append((number, line))
    return Bullet("", 0, [], kept).description, found


def _constrain(schema: dict[str, Json], found: dict[str, str]) -> None:
    for key, text in found.items():
        kind = schema.get("type")
        if key in _NUMBERS:
            try:
                schema[key] = float(text) if "." in text else int(text)
            except ValueError:
                continue
        elif key == "default":
            schema[key] = value_of(text, kind)
        elif key in {"format", "pattern"}:
            target = schema.get("items") if kind == "array" else schema
            if isinstance(target, dict):
                target[key] = text.strip("`")
