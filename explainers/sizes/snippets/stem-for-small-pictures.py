def resnet18(kernel, stride, pool):
    """Side of the last map and multiplications, for 32 × 32 and 10 classes."""
    side = 32 // stride
    total = 3 * kernel**2 * 64 * side**2  # the first convolution
    side, channels = side // pool, 64
    for width in (64, 128, 256, 512):
        side = side if width == 64 else side // 2
        weights = 9 * width * (channels + 3 * width)  # two blocks of two
        if width > channels:
            weights += channels * width  # the shortcut
        total, channels = total + weights * side**2, width
    return side, total + 512 * 10


(_, designed), (last, small) = resnet18(7, 2, 2), resnet18(3, 1, 1)
print(f"side of the last map, small-picture stem: {last}")
print(f"multiply–accumulates with it: {small:,}")
print(f"multiply–accumulates as designed: {designed:,}")
print(f"times as many: {small / designed:.1f}")
