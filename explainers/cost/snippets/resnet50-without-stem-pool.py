def resnet50(side):  # of the maps after the first convolution and, if any, its pooling
    macs, c = 7 * 7 * 3 * 64 * (224 // 2) ** 2 + 2048 * 1000, 64  # stem, dense layer
    for w, blocks in ((64, 3), (128, 4), (256, 6), (512, 3)):
        s = side if w == 64 else side // 2  # the first 3 × 3 convolution strides
        macs += c * w * side**2 + (9 * w * w + w * 4 * w + c * 4 * w) * s**2
        macs += (blocks - 1) * (4 * w * w + 9 * w * w + w * 4 * w) * s**2
        side, c = s, 4 * w
    return macs


print(resnet50(112), resnet50(56), f"{resnet50(112) / resnet50(56):.2f}")
