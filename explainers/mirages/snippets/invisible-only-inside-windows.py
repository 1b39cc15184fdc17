from itertools import combinations

places = [(r, c) for r in range(4) for c in range(4)]  # a 4 × 4 map with 2 × 2 windows
row = ((0, 0), (0, 1), (0, 2))  # three like parts, two of them in one window


def held(parts):  # the window of each part
    return sorted((r // 2, c // 2) for r, c in parts)


alike = [p for p in combinations(places, 3) if set(held(p)) == set(held(row))]
print(len(alike), sum(held(p) != held(row) for p in alike))
