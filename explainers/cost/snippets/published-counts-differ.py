def resnet50(paper):  # a block strides in its first convolution, else in its second
    convs, side, c = [(7, 3, 64, 112)], 56, 64  # kernel, channels in, out, side of map
    for w, n, s in ((64, 3, 56), (128, 4, 28), (256, 6, 14), (512, 3, 7)):
        convs += [(1, c, w, s if paper else side), (1, c, 4 * w, s)]
        convs += [(3, w, w, s), (1, w, 4 * w, s)] * n + [(1, 4 * w, w, s)] * (n - 1)
        side, c = s, 4 * w
    macs = sum(k * k * c * d * s * s for k, c, d, s in convs) + 2048 * 1000
    return macs, sum(2 * d * s * s for _, _, d, s in convs)  # two a value


(ours, norm), (published, _) = resnet50(paper=False), resnet50(paper=True)
print(ours, norm, 2048 * 7 * 7, ours + norm + 2048 * 7 * 7, published)
