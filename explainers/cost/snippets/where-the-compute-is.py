macs, values, c = [], [], 3  # of each convolution, of each block; channels in
for i, (d, depth) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))):
    side = 224 // 2**i
    macs += [9 * c * d * side**2] + [9 * d * d * side**2] * (depth - 1)
    values.append(d * (depth * side**2 + (side // 2) ** 2))  # convolutions, pooling
    c = d
total = sum(macs) + 512 * 7 * 7 * 4096 + 4096 * 4096 + 4096 * 1000  # three dense layers
print(f"{sum(macs[:4]) / total:.3f} {sum(macs[:8]) / total:.3f}")  # of 16 layers
print(f"{sum(values[:2]) / (sum(values) + 4096 + 4096 + 1000):.3f}")
