"""The normal distribution against SciPy's, which shares no code with ours."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special, stats

from explainers import normal

EVERYWHERE = np.concatenate([np.linspace(-40, 37, 7701), -np.geomspace(40, 1e150, 300)])


def test_log_cdf_from_the_far_tail_to_the_top() -> None:
    exact = special.log_ndtr(EVERYWHERE)
    allowed = np.where(EVERYWHERE < 0, 2e-15, 5e-16 * (1 + EVERYWHERE**2))
    assert (np.abs(normal.log_cdf(EVERYWHERE) - exact) <= allowed * np.abs(exact)).all()


def test_log_cdf_at_the_seam_of_its_two_formulas() -> None:
    x = -30 + np.linspace(-1e-6, 1e-6, 101)
    assert_allclose(normal.log_cdf(x), special.log_ndtr(x), rtol=1e-15)


def test_cdf_is_exact_to_its_condition() -> None:
    x = np.linspace(-37, 37, 7401)
    exact = special.ndtr(x)
    assert (np.abs(normal.cdf(x) - exact) <= 5e-16 * (1 + x**2) * exact).all()


def test_pdf_and_its_logarithm() -> None:
    x = np.linspace(-30, 30, 601)
    assert_allclose(normal.log_pdf(x), stats.norm.logpdf(x), rtol=1e-15)
    assert_allclose(normal.pdf(x), stats.norm.pdf(x), rtol=2e-13)


def test_ppf_against_scipy_in_both_tails() -> None:
    p = np.concatenate([np.geomspace(1e-300, 0.49, 500), 1 - np.geomspace(1e-15, 0.49, 500)])
    assert_allclose(normal.ppf(p), special.ndtri(p), rtol=2e-15)


@pytest.mark.parametrize(
    ("function", "at", "value"),
    [
        (normal.cdf, -math.inf, 0.0),
        (normal.cdf, math.inf, 1.0),
        (normal.log_cdf, -math.inf, -math.inf),
        (normal.log_cdf, -1e300, -math.inf),
        (normal.log_cdf, math.inf, 0.0),
        (normal.ppf, 0, -math.inf),
        (normal.ppf, 0.5, 0.0),
        (normal.ppf, 1, math.inf),
        (normal.pdf, math.inf, 0.0),
    ],
)
def test_ends(function, at: float, value: float) -> None:  # type: ignore[no-untyped-def]
    assert function(at) == value


@pytest.mark.parametrize("function", [normal.cdf, normal.log_cdf, normal.pdf, normal.log_pdf])
def test_nan_goes_through_and_shapes_are_kept(function) -> None:  # type: ignore[no-untyped-def]
    assert np.isnan(function(math.nan))
    assert function(np.zeros((2, 0, 3))).shape == (2, 0, 3)
    assert function([[0, 1]]).dtype == np.float64


def test_integrals_are_exact_at_every_place_and_width() -> None:
    """Moments of normals that lie anywhere on the line that is integrated over."""
    centre, width = np.array([[-3.0], [0.0], [2.5], [13.0]]), 0.7
    density = normal.pdf((normal.NODES - centre) / width) / width
    assert_allclose(normal.integral(density), 1, rtol=1e-12)
    assert_allclose(normal.integral(normal.NODES * density), centre[:, 0], atol=1e-12)
    assert normal.integral(density[0]).shape == ()


def test_what_is_integrated_over_holds_the_largest_of_a_billion() -> None:
    assert stats.norm.cdf(normal.NODES[0]) < 1e-18
    assert 1e9 * stats.norm.sf(normal.NODES[-1]) < 1e-18
    assert_allclose(np.diff(normal.NODES), 1 / 20, rtol=1e-12)
