from itertools import product
from statistics import fmean

moves = [move for move in product((-1, 0, 1), repeat=2) if move != (0, 0)]


def hidden(window, row, column):
    """Share of the eight moves that stay in the window, from this place."""
    inside = range(window)
    ends = [(row + down, column + right) for down, right in moves]
    return fmean(y in inside and x in inside for y, x in ends)


for window in (3, 2):
    places = product(range(window), repeat=2)
    average = fmean(hidden(window, row, column) for row, column in places)
    print(f"{window} × {window} windows hide on average: {average:.1%}")
print(f"3 × 3 windows hide from the middle of an edge: {hidden(3, 0, 1):.1%}")
