blocks = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # channels, convolutions
dense = 4096 + 4096 + 1000  # what the dense layers hand on
sides = [(d, depth, 224 // 2**i) for i, (d, depth) in enumerate(blocks)]
places = sum(d * (s // 2) ** 2 for d, _, s in sides)  # values out of the poolings
pooled = sum(d * depth * s**2 for d, depth, s in sides) + places + dense
bare = sum(d * depth for d, depth in blocks) * 224**2 + dense
print(pooled, f"{4 * pooled / 1e6:.0f}")  # values, megabytes
print(bare, f"{bare / pooled:.1f}", f"{4 * bare / 1e6:.0f}")
print(f"{8 * places / 1e6:.0f} {4 * bare / (4 * pooled + 8 * places):.1f}")
