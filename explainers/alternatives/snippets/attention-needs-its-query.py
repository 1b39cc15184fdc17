import math
from statistics import NormalDist

units, strength, alarm = 49, 2, 0.05
normal = NormalDist()
weight = math.exp(3)  # of what the query fits; others have 1


def hits(right, fitted):
    """The unit that sees has weight `right`; one unit has `fitted`."""
    squares = fitted**2 + units - 1
    signal = strength * right / math.sqrt(squares)
    return normal.cdf(signal + normal.inv_cdf(alarm))


print(f"a mean finds: {hits(1, 1):.1%}")
print(f"the right query: {hits(weight, weight):.1%}")
print(f"a wrong query: {hits(1, weight):.1%}")
print(f"the weight of what fits: {weight:.1f}")
