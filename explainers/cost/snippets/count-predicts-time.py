# Recorded once, on one core: multiplications in millions, and milliseconds
resnet18 = 1725.050880, 22.641  # strides for pooling, 224 × 224
resnet50 = 326.418432, 23.253  # strides for pooling, 64 × 64
slowest = 39.523008, 3.309  # AlexNet with mean pooling, 64 × 64
fastest = 7467.345600, 63.836  # AlexNet without pooling, 224 × 224
print(f"{resnet18[0] / resnet50[0]:.1f} {resnet18[1] / resnet50[1]:.2f}")
print(f"{slowest[1] / slowest[0] / (fastest[1] / fastest[0]):.1f}")
