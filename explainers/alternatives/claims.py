"""The chapter's claims: on what is found, and on what is kept and what it costs."""

from __future__ import annotations

from explainers.alternatives import claims_finding, claims_keeping

CLAIMS = (*claims_finding.CLAIMS, *claims_keeping.CLAIMS)
RULINGS = ()
