# VGG-16 at 224 × 224: channels in, channels out, side of the map
convolutions = [
    (3, 64, 224), (64, 64, 224), (64, 128, 112), (128, 128, 112),
    (128, 256, 56), (256, 256, 56), (256, 512, 28), (512, 512, 28),
    (512, 512, 14),
]  # fmt: skip
smallest = 64  # pixels a side, from which on this holds
a_byte = []
for inputs, outputs, side in convolutions:
    places = side * side
    weights = 9 * inputs * outputs
    values = inputs * places + outputs * places + weights + outputs
    a_byte.append(weights * places / (4 * values))  # four bytes each
comparisons, values = 3, 4 + 1  # of a window: four read, one written
print(f"a pooling: {comparisons / (4 * values):.2f} operations a byte")
print(f"the convolution with least: {min(a_byte):.1f}")
print(f"the convolution with most: {max(a_byte):.0f}")
first, last = 18.9091, 1.523  # recorded milliseconds of all poolings
print(f"channels first, against channels last: {first / last:.0f} times")
