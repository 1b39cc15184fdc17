blocks = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # channels, convolutions
pooled = bare = 4096 + 4096 + 1000  # what the dense layers hand on
for i, (d, depth) in enumerate(blocks):
    side = 224 // 2**i
    pooled += d * (depth * side**2 + (side // 2) ** 2)  # convolutions, pooling
    bare += d * depth * 224**2
print(pooled, f"{4 * pooled / 1e6:.0f}")  # values, megabytes
print(bare, f"{bare / pooled:.1f}", f"{4 * bare / 1e6:.0f}")
