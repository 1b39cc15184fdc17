# Recorded once, on one core: millions of multiplications, and milliseconds
resnet18_macs, resnet18_ms = 1725.050880, 22.641  # 224 × 224
resnet50_macs, resnet50_ms = 326.418432, 23.253  # 64 × 64
slowest_macs, slowest_ms = 39.523008, 3.309  # AlexNet, 64 × 64
fastest_macs, fastest_ms = 7467.345600, 63.836  # AlexNet unpooled, 224 × 224

more = resnet18_macs / resnet50_macs  # both with strides for their pooling
print(f"multiplications of the ResNet-18: {more:.1f} times as many")
print(f"its time, against the ResNet-50: {resnet18_ms / resnet50_ms:.0%}")

slowest = slowest_ms / slowest_macs  # time for one multiplication
fastest = fastest_ms / fastest_macs
spread = slowest / fastest
print(f"slowest pass, for each multiplication: {spread:.1f} times the fastest")
