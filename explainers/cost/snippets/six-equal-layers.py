# VGG-16, block by block: channels in, channels out, convolutions, side
blocks = [
    (3, 64, 2, 224),
    (64, 128, 2, 112),
    (128, 256, 3, 56),
    (256, 512, 3, 28),
    (512, 512, 3, 14),
]
costs = []
for inputs, outputs, depth, side in blocks:
    costs.append(3 * 3 * inputs * outputs * side**2)
    for _ in range(depth - 1):
        costs.append(3 * 3 * outputs * outputs * side**2)

most = max(costs)
print(f"layers that cost the most: {costs.count(most)}")
print(f"layers at half of that: {costs.count(most / 2)}")
print(f"layers at a quarter of it: {costs.count(most / 4)}")
