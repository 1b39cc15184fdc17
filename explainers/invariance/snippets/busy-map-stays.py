def maxima_that_stay(window, zeros=0):
    columns = window + 1  # that the window covers before or after the move
    shared = window - 1  # that it covers both times
    # The largest number is equally likely in each column, unless all are zero.
    all_zero = zeros ** (window * columns)
    return all_zero + (1 - all_zero) * shared / columns


for window in (2, 4):
    stay = maxima_that_stay(window)
    print(f"maxima over {window} × {window} windows that stay: {stay:.1%}")
sparse = maxima_that_stay(2, zeros=9 / 10)
print(f"over 2 × 2 windows, if nine in ten numbers are zero: {sparse:.1%}")
