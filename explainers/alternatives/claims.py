"""The chapter's claims: on what is found, on what is kept and what it costs, and on use."""

from __future__ import annotations

from explainers.alternatives import claims_finding, claims_keeping, claims_practice

CLAIMS = (*claims_finding.CLAIMS, *claims_keeping.CLAIMS, *claims_practice.CLAIMS)
RULINGS = ()
