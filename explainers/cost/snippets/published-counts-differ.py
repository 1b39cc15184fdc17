# ResNet-50: width of each stage, its blocks, side of its maps
stages = [(64, 3, 56), (128, 4, 28), (256, 6, 14), (512, 3, 7)]


def resnet50(stride_first):  # in the first convolution of a stage, as published
    convolutions = [(1, 7, 3, 64, 112)]  # how many, kernel, channels, side
    inputs = 64
    for width, blocks, side in stages:
        first_side = side if stride_first or width == 64 else 2 * side
        outputs = 4 * width
        convolutions += [
            (1, 1, inputs, width, first_side),
            (1, 1, inputs, outputs, side),  # the shortcut
            (blocks, 3, width, width, side),
            (blocks, 1, width, outputs, side),
            (blocks - 1, 1, outputs, width, side),
        ]
        inputs = outputs
    macs = sum(n * k * k * c * d * s**2 for n, k, c, d, s in convolutions)
    values = sum(n * d * s**2 for n, _, _, d, s in convolutions)
    return macs + 2048 * 1000, values


macs, normalised = resnet50(stride_first=False)
print(f"convolutions and dense layer: {macs:,}")
fvcore = macs + 2 * normalised + 2048 * 7 * 7  # and the global pooling's input
print(f"as fvcore counts: {fvcore:,}")
print(f"as published: {resnet50(stride_first=True)[0]:,}")
