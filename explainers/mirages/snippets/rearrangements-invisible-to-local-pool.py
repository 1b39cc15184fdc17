import numpy as np

parts = 9  # each part is a single 1 in a channel of its own
for side in (2, 4):
    outputs = 32 // side  # along each axis of a 32 × 32 map
    maps = np.eye(32**2)  # one part, at each place of the map in turn
    windows = maps.reshape(-1, outputs, side, outputs, side)
    pooled = windows.max(axis=(2, 4))
    _, alike = np.unique(pooled, axis=0, return_counts=True)
    assert (alike == side**2).all()  # the places in one window
    arrangements = int(alike[0]) ** parts
    print(f"alike after {side} × {side} pooling: {arrangements:,} arrangements")
