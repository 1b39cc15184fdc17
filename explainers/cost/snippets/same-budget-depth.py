def depth(poolings, widen):
    """How many layers ten units buy, if the first layer costs one."""
    budget, layers = 10, 0
    inputs = outputs = positions = 1  # all as multiples of the first layer's
    while budget >= inputs * outputs * positions:
        budget -= inputs * outputs * positions
        layers += 1
        inputs = outputs
        if layers <= poolings:  # a pooling after each of the first layers
            positions /= 4
            outputs *= widen
    return layers


print(f"one pooling, channels as they were: {depth(1, widen=1)} layers")
print(f"one pooling, channels doubled: {depth(1, widen=2)} layers")
print(f"five poolings, channels doubled at each: {depth(5, widen=2)} layers")
