"""The forms in which pages list fields: tables, lines, tags, types of TypeScript; each gives listings."""
