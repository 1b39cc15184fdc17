width = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6  # channels out of each convolution
side = [224] * 2 + [112] * 2 + [56] * 3 + [28] * 3 + [14] * 3  # side of its map
layers = zip([3] + width[:-1], width, side, strict=True)
costs = [9 * c * d * s * s for c, d, s in layers]
most = max(costs)
print(costs.count(most), most, costs.count(most // 2), costs.count(most // 4))
