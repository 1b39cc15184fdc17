from math import comb

p, n = 0.05, 4  # false-alarm rate of one detector, detectors in the window
exactly = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]  # k fire
any_fires = sum(exactly[1:])
print(f"{any_fires:.4f} {any_fires / p:.2f}")
