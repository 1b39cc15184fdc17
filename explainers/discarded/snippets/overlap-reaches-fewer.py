from itertools import combinations, product


def reached(side, stride):
    """Share of independent values that are the largest of some window."""
    windows = []  # all that can hold the places that are looked at below
    for top, left in product((0, stride), repeat=2):
        rows, columns = range(top, top + side), range(left, left + side)
        windows.append(set(product(rows, columns)))
    chances = []
    for place in product(range(stride, 2 * stride), repeat=2):
        chance = 0
        holding = [window for window in windows if place in window]
        for number in range(1, len(holding) + 1):
            for some in combinations(holding, number):
                # It wins them all if it is the largest of all their values.
                wins_all = 1 / len(set.union(*some))
                chance -= (-1) ** number * wins_all  # inclusion and exclusion
        chances.append(chance)
    return sum(chances) / len(chances)


assert reached(2, 2) == 1 / 4
print(f"3 × 3 windows with stride 2: {reached(3, 2):.1%}")
print(f"3 × 3 windows with stride 3: {reached(3, 3):.1%}")
