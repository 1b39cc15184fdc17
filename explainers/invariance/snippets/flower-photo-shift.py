from explainers.invariance.dahlia import still_found

# The photograph moves by 1 pixel. Of its petals, the share that one value of
# the petal map finds before and after: max-pooled over 2 × 2, or not pooled.
same = still_found(1, window=2, counted="one threshold")
# Now both have a threshold that an equal share of their values passes.
fair = still_found(1, window=2, counted="all petals")
print(f"found again, max-pooled: {same.pooled:.1%}, not pooled {same.full:.1%}")
print(f"with equal firing, max-pooled: {fair.pooled:.1%}")
