"""What runs inside a team's CI: the gate, one comment, one issue a provider, a draft pull request, hooks."""
