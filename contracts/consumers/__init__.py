"""Consumers: functions that read a vendor's payload, held to laws, and told what a vendor's change does to them."""
