from statistics import NormalDist

normal = NormalDist()
units, strength, alarm = 4, 2, 0.05
sees = normal.cdf(strength + normal.inv_cdf(alarm))  # one unit that sees
fixed = (sees + (units - 1) * alarm) / units
# A max is silent on background if all its units are.
threshold = normal.inv_cdf((1 - alarm) ** (1 / units))
silent, missed = normal.cdf(threshold), normal.cdf(threshold - strength)
print(f"one sees: {fixed:.1%} fixed, {1 - missed * silent**3:.1%} max")
print(f"all see: {1 - missed**units:.1%} max, {sees:.1%} fixed")
