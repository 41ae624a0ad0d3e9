"""The reader of reference pages that Stainless generates, whatever SDK language they show."""
