from math import erf, sqrt


def below_zero(mean):
    """How probable it is that a normal response around a mean is negative."""
    return (1 - erf(mean / sqrt(2))) / 2


# Zeros in the input: the filter answers with its bias, around which responses
# lie. It wins if all 10 are below it.
print(f"the bias beats ten responses: {0.5**10:.3%}")

# Zeros among the features, and no rectifier: they win if all 20 are negative.
print(f"zeros beat the responses: {below_zero(-2) ** 20:.0%}")
