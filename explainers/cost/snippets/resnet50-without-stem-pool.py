# ResNet-50: width of each stage, and how many blocks it has
stages = [(64, 3), (128, 4), (256, 6), (512, 3)]


def resnet50(side):
    """Multiplications, if the maps have this side before the first block."""
    macs = 7 * 7 * 3 * 64 * (224 // 2) ** 2  # the first convolution
    macs += 2048 * 1000  # the dense layer
    inputs = 64
    for width, blocks in stages:
        outputs = 4 * width
        macs += inputs * width * side**2  # 1 × 1, in the first block
        if width > 64:
            side //= 2  # by the stride of the first 3 × 3 convolution
        macs += inputs * outputs * side**2  # 1 × 1, the shortcut around it
        macs += (blocks - 1) * outputs * width * side**2  # 1 × 1, other blocks
        macs += blocks * (3 * 3 * width * width + width * outputs) * side**2
        inputs = outputs
    return macs


bare, pooled = resnet50(112), resnet50(56)  # the pooling would halve 112
print(f"without the pooling: {bare / pooled:.1f} times as many")
print(f"multiplications without: {bare:,}")
print(f"multiplications with: {pooled:,}")
