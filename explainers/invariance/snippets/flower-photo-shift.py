from explainers.invariance.dahlia import still_found

# The dahlia's photograph moved by 1 pixel: shares of its petals that one value of the
# petal map finds before and after, max-pooled over 2 × 2 windows, and in the full map.
same = still_found(1, 2, counted="one threshold")
fair = still_found(1, 2, counted="all petals")  # each fires at an equal share of values
print(same.pooled, same.full, fair.pooled)
