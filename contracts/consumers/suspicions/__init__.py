"""What the answers of one reader make suspect: rules that nearly all of them keep, and the exceptions.

Here belongs what is learnt from answers alone. What is certain is in `laws`.
"""

from contracts.consumers.suspicions.suspect import suspicions
from contracts.consumers.suspicions.suspicion import Suspicion
