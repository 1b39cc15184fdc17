from statistics import NormalDist

normal = NormalDist()
units, strength, alarm = 4, 2, 0.05
# A min fires if all its units do: on background with probability alarm.
one_fires = alarm ** (1 / units)
threshold = normal.inv_cdf(1 - one_fires)
smallest = (1 - normal.cdf(threshold - strength)) * one_fires**3
mean = normal.cdf(strength / units**0.5 + normal.inv_cdf(alarm))
print(f"the min finds: {smallest:.1%}, the mean {mean:.1%}")
print(f"rectified windows whose min is zero: {1 - 0.5**units:.1%}")
