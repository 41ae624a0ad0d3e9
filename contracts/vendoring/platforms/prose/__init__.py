"""The reader of pages that people write: headings, tables, bullets and JSON examples."""
