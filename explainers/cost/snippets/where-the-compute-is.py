# VGG-16, block by block: channels in, channels out, convolutions, side
blocks = [
    (3, 64, 2, 224),
    (64, 128, 2, 112),
    (128, 256, 3, 56),
    (256, 512, 3, 28),
    (512, 512, 3, 14),
]
macs = []  # of each layer with weights
values = []  # of each block, what its convolutions and its pooling compute
for inputs, outputs, depth, side in blocks:
    macs.append(3 * 3 * inputs * outputs * side**2)
    macs += [3 * 3 * outputs * outputs * side**2] * (depth - 1)
    values.append(outputs * (depth * side**2 + (side // 2) ** 2))
macs += [512 * 7 * 7 * 4096, 4096 * 4096, 4096 * 1000]  # the dense layers
values.append(4096 + 4096 + 1000)

half, quarter = len(macs) // 2, len(macs) // 4
print(f"multiplications in the first half: {sum(macs[:half]) / sum(macs):.0%}")
print(f"in the first quarter: {sum(macs[:quarter]) / sum(macs):.0%}")
print(f"values from the first two blocks: {sum(values[:2]) / sum(values):.0%}")
