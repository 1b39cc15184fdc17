from itertools import accumulate

width = [64] * 2 + [128] * 2 + [256] * 3 + [512] * 6  # channels out, VGG-16
scale = [1] * 2 + [2] * 2 + [4] * 3 + [8] * 3 + [16] * 3  # picture over map
layers = list(zip([3] + width[:-1], width, scale, strict=True))
for side in (224, 64):
    done = accumulate(9 * c * d * (side // s) ** 2 for c, d, s in layers)
    print(1 + sum(macs < 10**9 for macs in done))
alexnet = 121 * 3 * 96 * 55**2 + 25 * 48 * 256 * 27**2  # conv2 has two towers
alexnet += 9 * (256 * 384 + 192 * 384 + 192 * 256) * 13**2
print(alexnet + 256 * 6 * 6 * 4096 + 4096 * 4096 + 4096 * 1000)
