"""The chapter's claims: on sizes, borders and small objects, and on the order of layers."""

from __future__ import annotations

from explainers.sizes import claims_order, claims_sizes

CLAIMS = (*claims_sizes.CLAIMS, *claims_order.CLAIMS)
RULINGS = ()
