def depth(poolings, widen, budget=10):
    layers, price = 0, 1  # in units of what the first layer costs
    while price <= budget:
        budget -= price
        layers += 1
        if layers <= poolings:  # a quarter of the places; channels in and out × widen
            price *= widen**2 / 4
    return layers


print(depth(1, widen=1), depth(2, widen=1), depth(1, widen=2), depth(2, widen=2))
