def depth(poolings, widen, budget=10):  # in units of what the first layer costs
    layers, places, taken, channels = 0, 1, 1, 1
    while taken * channels * places <= budget:
        budget -= taken * channels * places
        layers, taken = layers + 1, channels
        if layers <= poolings:  # a quarter of the places; the next layer widens
            places, channels = places / 4, channels * widen
    return layers


print(depth(1, widen=1), depth(2, widen=1), *(depth(n, widen=2) for n in (1, 2, 5)))
