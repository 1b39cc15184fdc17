def seen(side, poolings):
    """Rows of a map that some pooled value comes from."""
    rows = [{row} for row in range(side)]
    for _ in range(poolings):
        whole = len(rows) // 2  # windows; a last odd row is in none
        rows = [rows[2 * i] | rows[2 * i + 1] for i in range(whole)]
    return len(set.union(*rows))


lost = 1 - (seen(7, 1) / 7) ** 2  # of rows and columns
print(f"values of a 7 × 7 map in no 2 × 2 window: {lost:.0%}")
picture = 299
print(f"rows lost by five poolings: {picture - seen(picture, 5)}")
