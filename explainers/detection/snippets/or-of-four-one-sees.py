from math import prod

n, hit, false_alarm = 4, 0.8, 0.05
rates = [hit] + [false_alarm] * (n - 1)  # one detector sees the petal
any_fires = 1 - prod(1 - rate for rate in rates)
luck = 100 * (any_fires - hit)  # percentage points
fixed = sum(rates) / n  # one detector, equally likely to be any of them
alarm = 1 - (1 - false_alarm) ** n  # the OR fires where there is no petal
print(f"{any_fires:.4f} {luck:.2f} {fixed:.4f} {alarm:.4f}")
