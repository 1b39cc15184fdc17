"""The questions that people ask, each with the one place that answers it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One question, in the words of those who ask it.

    Attributes
    ----------
    id
        Permanent, in kebab-case; part of the question's address.
    text
        The question.
    group
        Under which heading of the index it stands.
    answer
        Where it is answered: ``page#anchor``.
    claims
        Ids of the claims that the answer rests on.
    short
        The answer in one sentence; its numbers are the tags of `explainers.site.extension`.
    """

    id: str
    text: str
    group: str
    answer: str
    claims: tuple[str, ...]
    short: str

    @property
    def page(self) -> str:
        """The page that answers it."""
        return self.answer.partition("#")[0]

    @property
    def anchor(self) -> str:
        """The heading of that page under which the answer stands."""
        return self.answer.partition("#")[2]


QUESTIONS = (
    Question(
        "why-pooling",
        "Why is pooling used in CNNs?",
        "purpose",
        "index#top",
        ("or-at-equal-false-alarm", "vgg16-without-pooling", "receptive-field-with-pools"),
        "To see whether a feature is there without knowing exactly where, and to go on with a "
        "quarter of the values: VGG-16 would multiply {{ vgg16-without-pooling.ratio:.0f }} times "
        "as much without it.",
    ),
    Question(
        "what-pooling-does",
        "What do pooling layers do?",
        "purpose",
        "index#three-jobs",
        ("or-at-equal-false-alarm", "subsampling-breaks-it", "global-pool-is-invariant"),
        "Up to three jobs at once: it takes one value for each window, it keeps every second of "
        "these or fewer, and, if it is global, it collapses the map to one number.",
    ),
    Question(
        "why-max-pooling",
        "Why max pooling at all?",
        "purpose",
        "detection#fair",
        ("or-at-equal-false-alarm",),
        "It pays if you do not know where the feature is: at equal false alarms the max of four "
        "finds {{ or-at-equal-false-alarm.pooled:.0% }} of the petals, a fixed detector "
        "{{ or-at-equal-false-alarm.unknown:.0% }}.",
    ),
    Question(
        "why-convolve",
        "Why convolve if pooling only shrinks the image anyway?",
        "purpose",
        "discarded#why-convolve",
        ("per-channel-survivors", "flower-photo-search"),
        "Pooling shrinks maps of answers, not the image: with "
        "{{ per-channel-survivors.many }} independent channels "
        "{{ per-channel-survivors.many_places:.1f }} of the four places in a window send something "
        "on, each through other channels.",
    ),
    Question(
        "robust-to-noise",
        "Does pooling make a network robust to noise?",
        "purpose",
        "detection#top",
        ("or-of-four-hit", "or-of-four-false-alarm", "or-needs-independent-detectors"),
        "Half: an *or* of four detectors that err independently misses "
        "{{ or-of-four-hit.pooled_miss:.1% }} of the petals that all of them see instead of "
        "{{ or-of-four-hit.single_miss:.0% }}, but takes "
        "{{ or-of-four-false-alarm.pooled:.0% }} of the background for petals instead of "
        "{{ or-of-four-false-alarm.single:.0% }}.",
    ),
    Question(
        "global-pooling",
        "What is global average pooling or global max pooling for?",
        "purpose",
        "mirages#global",
        ("global-pool-is-invariant", "arrangement-before-global-pool"),
        "To forget where: a detector that looks for a flower at each place and then pools globally "
        "accepts {{ arrangement-before-global-pool.before_moved:.0% }} of the flowers moved to "
        "anywhere, one that looks at the usual place only "
        "{{ arrangement-before-global-pool.place_moved:.0% }}.",
    ),
    Question(
        "global-pooling-last",
        "Why is global pooling placed right before the classifier?",
        "purpose",
        "mirages#global",
        ("arrangement-before-global-pool", "first-dense-layer-grows"),
        "By then the convolutions have looked at the arrangement: pooled after that, "
        "{{ arrangement-before-global-pool.before_scrambled:.0% }} of scrambled flowers pass, "
        "pooled before it {{ arrangement-before-global-pool.after_scrambled:.0% }}.",
    ),
    Question(
        "max-pooling-invariant",
        "Is max pooling translation invariant?",
        "moves",
        "invariance#top",
        ("lone-peak-stays", "busy-map-stays", "subsampling-breaks-it"),
        "Not in general: after a move by one pixel, 2 × 2 windows leave "
        "{{ lone-peak-stays.window_2:.0% }} of lone peaks' maps as they were, and "
        "{{ busy-map-stays.window_2:.0% }} of the values of a busy map.",
    ),
    Question(
        "translation-invariance",
        "What is translation invariance?",
        "moves",
        "invariance#words",
        ("lone-peak-stays", "global-pool-is-invariant"),
        "Move the picture, and the map stays as it is; *local* means for small moves only.",
    ),
    Question(
        "invariance-or-equivariance",
        "How does invariance differ from equivariance?",
        "moves",
        "invariance#words",
        ("feature-map-moves-with-picture", "subsampling-breaks-it"),
        "Move the picture: if the map moves along, it is equivariant, and if it stays as it was, "
        "it is invariant.",
    ),
    Question(
        "invariance-in-a-cnn",
        "How is invariance achieved in a CNN?",
        "moves",
        "invariance#achieved",
        ("smooth-map-change", "depth-widens-the-window", "global-pool-is-invariant"),
        "By smooth maps, by several poolings on top of each other, and by one global pooling at "
        "the end; only the last is exact, and only if nothing leaves the map.",
    ),
    Question(
        "convolution-invariant",
        "Is it convolution that gives translation invariance?",
        "moves",
        "invariance#equivariance",
        ("feature-map-moves-with-picture",),
        "No, it gives equivariance, and not even that at the border, where "
        "{{ feature-map-moves-with-picture.border_share:.1% }} of the outputs do not move along in "
        "our example.",
    ),
    Question(
        "three-eighths",
        "Why 3/8 and 5/8?",
        "moves",
        "invariance#eight-neighbours",
        ("eight-neighbours",),
        "They are meant as the share of the eight moves by one pixel that a window absorbs: right "
        "for 2 × 2 ({{ eight-neighbours.window_2:.1% }}), wrong for 3 × 3, where it is "
        "{{ eight-neighbours.window_3:.1% }} and not {{ eight-neighbours.edge:.1% }}.",
    ),
    Question(
        "max-or-average",
        "Why prefer max to average pooling?",
        "choice",
        "detection#max-or-mean",
        ("max-overtakes-mean", "max-versus-mean-one-sees", "max-versus-mean-all-see"),
        "Because often few units of a window see the feature: if one in four does, the max wins "
        "from a strength of d′ = {{ max-overtakes-mean.by_area:.2f }} on, and if all four do, the "
        "mean wins.",
    ),
    Question(
        "max-or-average-moves",
        "Does max or average pooling hide small moves better?",
        "choice",
        "invariance#laws",
        ("busy-map-stays", "mean-never-stays", "smooth-map-change"),
        "The max: on a busy map {{ busy-map-stays.window_2:.0% }} of the maxima over 2 × 2 stay as "
        "they were after a move by one pixel, and {{ mean-never-stays.busy:.0% }} of the means; on "
        "a smooth map both change alike.",
    ),
    Question(
        "max-or-average-kept",
        "Does max or average pooling keep more information?",
        "choice",
        "discarded#alike",
        ("maps-with-one-pooled-image", "max-reconstructs-worse"),
        "The average: of the {{ maps-with-one-pooled-image.window_bits }} bits of four independent "
        "bytes it keeps {{ maps-with-one-pooled-image.kept_mean:.1f }}, the max "
        "{{ maps-with-one-pooled-image.kept_max:.1f }}; where a feature is rare, nearly as many.",
    ),
    Question(
        "pooling-or-stride",
        "Pooling or stride for down-sampling?",
        "choice",
        "cost#stride",
        ("stride-in-the-convolution", "flower-photo-search"),
        "A stride is cheaper, with {{ stride-in-the-convolution.stride:.0% }} of VGG-16's "
        "multiplications, but skips places: with one threshold it loses "
        "{{ flower-photo-search.subsample_lost:.0% }} of the photograph's petals, the max "
        "{{ flower-photo-search.max_lost:.0% }}; at equal false alarms they lose alike.",
    ),
    Question(
        "max-pooling-or-stride-2",
        "What is the difference between max pooling and a stride-2 convolution?",
        "choice",
        "cost#stride-2",
        ("stride-in-the-convolution",),
        "Max pooling picks the largest value of each channel and learns nothing; the convolution "
        "learns a weighted sum over all channels, in VGG-16 with "
        "{{ stride-in-the-convolution.weights:,d }} more weights.",
    ),
    Question(
        "modern-networks",
        "Do modern networks and vision transformers still pool?",
        "choice",
        "cost#today",
        ("resnet50-without-stem-pool",),
        "Yes, but less: ResNet-50 has one max pooling, a global pooling at its end, and strides in "
        "between; PoolFormer pools in place of a vision transformer's attention.",
    ),
    Question(
        "computation",
        "Does pooling reduce computation?",
        "savings",
        "cost#savings",
        ("vgg16-without-pooling", "resnet50-without-stem-pool", "pooling-itself-is-cheap"),
        "Yes: without its poolings VGG-16 would multiply "
        "{{ vgg16-without-pooling.ratio:.0f }} times as much, and without its one max pooling "
        "ResNet-50 {{ resnet50-without-stem-pool.ratio:.1f }} times as much.",
    ),
    Question(
        "parameters",
        "Does pooling reduce the number of parameters?",
        "savings",
        "cost#parameters",
        ("convolution-weights-unchanged", "first-dense-layer-grows"),
        "Not in the convolutions, but in the first dense layer, if it sees the map itself: that of "
        "VGG-16 would have {{ first-dense-layer-grows.ratio:,.0f }} times as many without pooling.",
    ),
    Question(
        "overfitting",
        "Does pooling reduce overfitting?",
        "savings",
        "cost#overfitting",
        ("convolution-weights-unchanged", "first-dense-layer-grows"),
        "Not by fewer weights in the convolutions, as it saves none there; what else it does takes "
        "trained networks, and is not measured here yet.",
    ),
    Question(
        "pooling-removed",
        "What happens if pooling is removed?",
        "savings",
        "cost#removed",
        ("vgg16-without-pooling", "activation-memory", "receptive-field-with-pools"),
        "VGG-16 would take {{ vgg16-without-pooling.ratio:.0f }} times the multiplications and "
        "hold {{ activation-memory.ratio:.0f }} times the activations, and its last units would "
        "see {{ receptive-field-with-pools.vgg16_without }} pixels a side instead of "
        "{{ receptive-field-with-pools.vgg16_with }}.",
    ),
    Question(
        "receptive-field",
        "Does 2×2 pooling double the receptive field?",
        "savings",
        "cost#receptive-field",
        ("pool-does-not-double-the-field", "receptive-field-with-pools"),
        "No, it adds one jump to the field and doubles the jump: the last one of VGG-16 widens the "
        "field from {{ pool-does-not-double-the-field.before_5 }} to "
        "{{ pool-does-not-double-the-field.after_5 }} pixels.",
    ),
    Question(
        "depth",
        "How deep can a network be for the same cost?",
        "savings",
        "cost#depth",
        ("same-budget-depth", "six-equal-layers"),
        "At fixed width {{ same-budget-depth.one }} layers for the price of "
        "{{ same-budget-depth.budget }}; with the channels doubled at each pooling, not one more.",
    ),
    Question(
        "output-size",
        "How is the output size computed?",
        "workings",
        "discarded#output-size",
        ("three-quarters-of-values",),
        "Count the windows that fit along each axis: the first takes its own size, and each "
        "further one a stride more.",
    ),
    Question(
        "gradient",
        "How does the gradient flow through max pooling?",
        "workings",
        "discarded#gradient",
        ("gradient-reaches-one-in-four",),
        "All of it to the largest value of each window: "
        "{{ gradient-reaches-one-in-four.side_by_side:.0% }} of the inputs receive some through "
        "2 × 2 windows, and {{ gradient-reaches-one-in-four.overlap:.1% }} through 3 × 3 windows "
        "of stride 2.",
    ),
    Question(
        "ties",
        "Where does the gradient of max pooling go with ties?",
        "workings",
        "discarded#ties",
        ("gradient-reaches-one-in-four",),
        "To the first of the equal values, row by row, as PyTorch does it; the others get none.",
    ),
    Question(
        "activation-order",
        "Activation before or after pooling?",
        "workings",
        "discarded#rectifier",
        ("relu-commutes-with-max",),
        "With max pooling a rectifier gives the same either way, and after it there are only "
        "{{ relu-commutes-with-max.evaluated:.0% }} of the values left to rectify; with average "
        "pooling the order matters.",
    ),
    Question(
        "padding",
        "What does padding do in max pooling?",
        "workings",
        "discarded#padding",
        ("max-pads-with-minus-infinity",),
        "It lets windows reach beyond the border, and a padded place never wins: it counts as −∞, "
        "not as zero.",
    ),
    Question(
        "thrown-away",
        "What does max pooling throw away?",
        "losses",
        "discarded#top",
        ("three-quarters-of-values", "position-still-decodable"),
        "Over 2 × 2 {{ three-quarters-of-values.thrown:.0% }} of the values, but less of what they "
        "say: lost is the order of sharp details inside a window.",
    ),
    Question(
        "strongest-feature",
        "Is only the strongest feature kept?",
        "losses",
        "discarded#survivors",
        ("per-channel-survivors",),
        "Only in its channel: of two different features in one window both survive, of two of the "
        "same in one window the weaker is lost.",
    ),
    Question(
        "position",
        "What is lost when position matters, as in an Atari game?",
        "losses",
        "discarded#position",
        ("position-still-decodable", "rearrangements-invisible-to-local-pool"),
        "A sharp dot's place inside its window; a smooth feature's can still be read to "
        "{{ position-still-decodable.smooth:.3f }} pixels, unless the pooling is global.",
    ),
    Question(
        "scrambled-face",
        "Does pooling accept a scrambled face?",
        "losses",
        "mirages#accepted",
        ("scrambled-flower-accepted", "exchanged-petals-accepted"),
        "Our flower with its parts put anywhere passes "
        "{{ scrambled-flower-accepted.anywhere_4:.0% }} of the time after 4 × 4 windows, and "
        "{{ scrambled-flower-accepted.anywhere_global:.0% }} after a global pool with nothing "
        "before it.",
    ),
    Question(
        "hinton",
        "What did Hinton mean when he called pooling a big mistake?",
        "losses",
        "mirages#overlap",
        ("overlap-keeps-position", "rearrangements-invisible-to-local-pool"),
        "That pooling loses how parts fit together, if its windows do not overlap: with 2 × 2 "
        "windows side by side our flower shares its map with "
        "{{ overlap-keeps-position.count_2:,d }} arrangements, with 3 × 3 windows of stride 2 only "
        "with itself.",
    ),
    Question(
        "is-max-pooling-bad",
        "Is max pooling really bad?",
        "losses",
        "mirages#bad",
        ("scrambled-flower-accepted", "arrangement-before-global-pool"),
        "Not for telling what is there, as long as a convolution looks at the arrangement before "
        "few windows are left.",
    ),
)  # fmt: skip
