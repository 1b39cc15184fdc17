from fractions import Fraction
from itertools import combinations, product

windows = [set(product(*sides)) for sides in product([range(3), range(2, 5)], repeat=2)]
wins = Fraction(0)  # chance to be the max of a 3 × 3 window, by inclusion and exclusion
for some in (some for n in (1, 2, 3, 4) for some in combinations(windows, n)):
    places = set(product((2, 3), repeat=2)).intersection(*some)
    wins -= (-1) ** len(some) * Fraction(len(places), 4 * len(set.union(*some)))
print(round(float(wins), 4), 1 / 2**2, round(1 / 3**2, 4))
