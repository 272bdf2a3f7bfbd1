"""The web, with care: which hosts may be asked, which addresses are spoken to, and how much may come back."""

from glassworks.lm.data.web.fetcher import Answer, Fetcher
from glassworks.lm.data.web.rules import NetworkRules, network_rules

__all__ = ["Answer", "Fetcher", "NetworkRules", "network_rules"]
