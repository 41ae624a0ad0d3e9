"""Consumers: functions that read a payload, held to laws, and told what a vendor's change does to them."""
