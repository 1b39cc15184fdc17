macs, values, c = [], [], 3  # by block; channels in
for i, (d, depth) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))):
    side = 224 // 2**i
    macs.append(9 * (c + (depth - 1) * d) * d * side**2)
    values.append(d * (depth * side**2 + (side // 2) ** 2))  # convolutions, pooling
    c = d
total = sum(macs) + 512 * 7 * 7 * 4096 + 4096 * 4096 + 4096 * 1000  # dense layers
print(f"{sum(macs[:2]) / total:.3f} {sum(macs[2:4]) / total:.3f}")
print(f"{sum(values[:2]) / (sum(values) + 4096 + 4096 + 1000):.3f}")
