"""What people really ask, in short, and which of our questions it is."""

from __future__ import annotations

from explainers.questions import QUESTIONS

BY_ID = {question.id: question for question in QUESTIONS}


# What people really ask, in short, and which of our questions it is.
ASKED = {
    "why max pooling at all": "why-max-pooling",
    "why convolve if pooling only shrinks the image": "why-convolve",
    "what is translation invariance": "translation-invariance",
    "difference between invariance and equivariance": "invariance-or-equivariance",
    "how is invariance achieved in a cnn": "invariance-in-a-cnn",
    "why 3/8 and 5/8": "three-eighths",
    "max or average pooling": "max-or-average",
    "pooling or stride for down-sampling": "pooling-or-stride",
    "difference between max-pooling and a stride-2 convolution": "max-pooling-or-stride-2",
    "is max pooling really bad": "is-max-pooling-bad",
    "what did hinton mean": "hinton",
    "what is lost in atari": "position",
    "what is lost when position matters": "position",
    "does pooling reduce overfitting": "overfitting",
    "does pooling reduce parameters": "parameters",
    "does pooling reduce computation": "computation",
    "what happens if pooling is removed": "pooling-removed",
    "does 2x2 pooling double the receptive field": "receptive-field",
    "gradient through max pooling": "gradient",
    "max pooling gradient with ties": "ties",
    "relu before or after pooling": "activation-order",
    "what does padding do in max pooling": "padding",
    "what is global average pooling for": "global-pooling",
    "why global pooling before the classifier": "global-pooling-last",
    "do modern networks still pool": "modern-networks",
    "do vision transformers still pool": "modern-networks",
    "how is the output size computed": "output-size",
    "is pooling robust to noise": "robust-to-noise",
    "does convolution give invariance": "convolution-invariant",
    "max or average pooling for small moves": "max-or-average-moves",
    "how deep for the same cost": "depth",
    "is only the strongest feature kept": "strongest-feature",
    "max or average pooling keep information": "max-or-average-kept",
    "does pooling accept a scrambled face": "scrambled-face",
    "does pooling improve accuracy": "accuracy",
    "is pooling a kind of dropout": "dropout",
    "data augmentation or pooling": "augmentation",
    "network fails on shifted pictures": "shifted-picture",
    "does global pooling take any input size": "any-size",
}
