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
        ("or-at-equal-false-alarm", "pooling-saves-multiplications", "receptive-field-with-pools"),
        "To see whether a feature is there without knowing exactly where, and to go on with "
        "fewer values. {{ says or-at-equal-false-alarm }} "
        "{{ says pooling-saves-multiplications }}",
    ),
    Question(
        "what-pooling-does",
        "What do pooling layers do?",
        "purpose",
        "index#three-jobs",
        ("or-at-equal-false-alarm", "subsampling-breaks-it", "global-pool-is-invariant"),
        "Up to three jobs at once: they take one value for each window, they keep every second of "
        "these or fewer, and, if they are global, they collapse the map to one number.",
    ),
    Question(
        "why-max-pooling",
        "Why max pooling at all?",
        "purpose",
        "detection#fair",
        ("or-at-equal-false-alarm", "known-place-beats-max"),
        "{{ says or-at-equal-false-alarm }} With four detectors, one of which sees a petal of d′ "
        "= {{ or-at-equal-false-alarm.d_prime:.0f }}, at "
        "{{ or-at-equal-false-alarm.false_alarm:.0% }} false alarms: "
        "{{ or-at-equal-false-alarm.pooled:.0% }} against "
        "{{ or-at-equal-false-alarm.unknown:.0% }}.",
    ),
    Question(
        "why-convolve",
        "Why convolve if pooling only shrinks the image anyway?",
        "purpose",
        "discarded#why-convolve",
        ("per-channel-survivors",),
        "Pooling shrinks maps of answers, not the image: with {{ per-channel-survivors.many }} "
        "independent channels {{ per-channel-survivors.many_places:.1f }} of the four places in "
        "a window send something on, each through other channels.",
    ),
    Question(
        "robust-to-noise",
        "Does pooling make a network robust to noise?",
        "purpose",
        "detection#top",
        ("or-of-four-hit", "or-of-four-false-alarm", "or-needs-independent-detectors"),
        "Against misses, yes. {{ says or-of-four-hit }} But of the background four independent "
        "detectors take {{ or-of-four-false-alarm.pooled:.0% }} for petals together, and "
        "{{ or-of-four-false-alarm.single:.0% }} each.",
    ),
    Question(
        "global-pooling",
        "What is global average pooling or global max pooling for?",
        "purpose",
        "mirages#global",
        ("global-pool-is-invariant", "arrangement-before-global-pool", "global-pool-loses-place"),
        "To forget where, as far as the channels do not know it. "
        "{{ says global-pool-loses-place }} {{ says global-pool-is-invariant }}",
    ),
    Question(
        "global-pooling-last",
        "Why is global pooling placed right before the classifier?",
        "purpose",
        "mirages#global",
        ("arrangement-before-global-pool", "first-dense-layer-grows"),
        "By then the convolutions have looked at the arrangement: in weak noise, where a kernel "
        "covers the flower before the global pool, "
        "{{ arrangement-before-global-pool.before_scrambled:.1%}} of the scrambled ones pass. And "
        "the classifier then needs one weight for each channel and class, not one for each place.",
    ),
    Question(
        "max-pooling-invariant",
        "Is max pooling translation invariant?",
        "moves",
        "invariance#top",
        ("lone-peak-stays", "busy-map-stays", "subsampling-lets-it-stay"),
        "Not in general. {{ says lone-peak-stays }} After a move by one pixel along an axis that "
        "is "
        "{{ lone-peak-stays.window_2:.0% }} of the places of a peak with 2 × 2 windows.",
    ),
    Question(
        "translation-invariance",
        "What is translation invariance?",
        "moves",
        "invariance#words",
        ("lone-peak-stays", "global-pool-is-invariant"),
        "Move the picture, and the map stays as it is; *local* means for small moves.",
    ),
    Question(
        "invariance-or-equivariance",
        "How does invariance differ from equivariance?",
        "moves",
        "invariance#words",
        ("feature-map-moves-with-picture", "subsampling-breaks-it"),
        "Move the picture: if the map moves along, it is equivariant, and if it stays as it "
        "was, it is invariant.",
    ),
    Question(
        "invariance-in-a-cnn",
        "How is invariance achieved in a CNN?",
        "moves",
        "invariance#achieved",
        (
            "smooth-map-change",
            "depth-widens-the-window",
            "global-pool-is-invariant",
            "moved-training-does-more",
        ),
        "Small moves change little where maps are smooth. Poolings add up if nothing lies between "
        "them; a convolution spreads the peak over several windows. "
        "{{ says global-pool-is-invariant }} {{ says moved-training-does-more }}",
    ),
    Question(
        "convolution-invariant",
        "Is it convolution that gives translation invariance?",
        "moves",
        "invariance#equivariance",
        ("feature-map-moves-with-picture", "convolution-does-not-stay"),
        "No, it gives equivariance. {{ says feature-map-moves-with-picture }} With zeros around "
        "our example {{ feature-map-moves-with-picture.border_share:.1% }} of all outputs, at "
        "the border, do not move along.",
    ),
    Question(
        "three-eighths",
        "Why 3/8 and 5/8?",
        "moves",
        "invariance#eight-neighbours",
        ("eight-neighbours",),
        "They are meant as the share of the eight moves by one pixel that a window absorbs: "
        "right for 2 × 2 ({{ eight-neighbours.window_2:.1% }}), wrong for 3 × 3, where it is "
        "{{ eight-neighbours.window_3:.1% }} on average over the peak's places.",
    ),
    Question(
        "max-or-average",
        "Why prefer max to average pooling?",
        "choice",
        "detection#max-or-mean",
        ("max-overtakes-mean", "max-versus-mean-one-sees", "max-versus-mean-all-see"),
        "Because often few units of a window see the feature. {{ says max-versus-mean-one-sees }} "
        "If all four do, with such noise, the mean wins.",
    ),
    Question(
        "max-or-average-moves",
        "Does max or average pooling hide small moves better?",
        "choice",
        "invariance#laws",
        ("busy-map-stays", "mean-never-stays", "mean-changes-less"),
        "It depends on what hiding means. {{ says mean-never-stays }} {{ says mean-changes-less }}",
    ),
    Question(
        "max-or-average-kept",
        "Does max or average pooling keep more information?",
        "choice",
        "discarded#alike",
        ("mean-tells-more-than-max", "max-reconstructs-worse"),
        "It depends on how precisely the mean is stored. {{ says mean-tells-more-than-max }} "
        "{{ says max-reconstructs-worse }}",
    ),
    Question(
        "pooling-or-stride",
        "Pooling or stride for down-sampling?",
        "choice",
        "cost#stride",
        ("stride-in-the-convolution", "flower-photo-search"),
        "A stride skips places instead of looking at them. {{ says stride-in-the-convolution }} "
        "With one threshold, and noise of {{ flower-photo-search.noise:.0% }} of the white level "
        "on the pixels, it loses {{ flower-photo-search.subsample_lost:.0% }} of the photograph's "
        "petals, the max {{ flower-photo-search.max_lost:.0% }} and the whole map "
        "{{ flower-photo-search.none_lost:.0% }}. At equal false alarms the stride finds "
        "{{ flower-photo-search.subsample_found:.0% }}, and the max "
        "{{ flower-photo-search.max_found:.0% }}.",
    ),
    Question(
        "max-pooling-or-stride-2",
        "What is the difference between max pooling and a stride-2 convolution?",
        "choice",
        "cost#stride-2",
        ("stride-in-the-convolution",),
        "Max pooling picks the largest value of each window, in each channel by itself, and "
        "learns nothing; the "
        "convolution learns a weighted sum over all channels. In VGG-16, 2 × 2 convolutions in "
        "place of the poolings have {{ stride-in-the-convolution.weights:,d }} more weights, "
        "and 3 × 3 ones {{ stride-in-the-convolution.weights_3:,d }}.",
    ),
    Question(
        "modern-networks",
        "Do modern networks and vision transformers still pool?",
        "choice",
        "cost#today",
        ("resnet50-without-stem-pool",),
        "Yes, but less, and elsewhere: ResNet-50 has one max pooling, a global pooling at its end, "
        "and strides in between; ConvNeXt has the global one alone. Hiera, a vision transformer, "
        "max-pools between its stages.",
    ),
    Question(
        "gem",
        "What is GeM, generalised-mean pooling, good for?",
        "instead",
        "alternatives#gem",
        ("generalised-mean-finds-more",),
        "{{ says generalised-mean-finds-more }} So it finds "
        "{{ generalised-mean-finds-more.found:.0% }}, where the max finds "
        "{{ generalised-mean-finds-more.largest:.0% }}.",
    ),
    Question(
        "gem-nan",
        "Why is the learned p of GeM NaN?",
        "instead",
        "alternatives#gem-nan",
        ("learned-power-is-nan",),
        "Because of windows of zeros. {{ says learned-power-is-nan }} In single precision, a "
        "clamp of "
        "{{ learned-power-is-nan.clamp_shown:.6f }} is usual.",
    ),
    Question(
        "max-and-mean-together",
        "Should max and mean pooling be concatenated?",
        "instead",
        "alternatives#concatenated",
        ("max-less-mean-with-shared-noise",),
        "If units share their noise, yes. {{ says max-less-mean-with-shared-noise }} Then they "
        "find {{ max-less-mean-with-shared-noise.both:.0% }}, and the max alone "
        "{{ max-less-mean-with-shared-noise.largest:.0% }}.",
    ),
    Question(
        "global-max-or-mean",
        "Global max or global average pooling?",
        "instead",
        "alternatives#global",
        ("mean-leads-from-the-root",),
        "A global mean for what fills the picture, a global max for what is small. If each unit "
        "has noise of its own, and the feature a d′ of two, the mean leads once "
        "{{ mean-leads-from-the-root.large_from }} of {{ mean-leads-from-the-root.large }} units "
        "see it.",
    ),
    Question(
        "min-pooling",
        "Is min pooling of any use?",
        "instead",
        "alternatives#min",
        ("min-finds-less",),
        "For dark features: it is a max pool of the negated map. {{ says min-finds-less }} Behind "
        "a rectifier, if half of the values are negative, {{ min-finds-less.zeros:.0% }} of its "
        "outputs are zero.",
    ),
    Question(
        "stochastic-pooling",
        "What is stochastic pooling?",
        "instead",
        "alternatives#stochastic",
        ("stochastic-pooling-at-test",),
        "It draws one value of each window in training, and weights them at test time. "
        "{{ says stochastic-pooling-at-test }} If one of four units sees the feature, it is "
        "{{ stochastic-pooling-at-test.weighted:.0% }} against "
        "{{ stochastic-pooling-at-test.drawn:.0% }}.",
    ),
    Question(
        "class-token-or-mean",
        "CLS token, attention pooling, or the mean of the tokens?",
        "instead",
        "alternatives#class-token",
        ("attention-needs-its-query",),
        "{{ says attention-needs-its-query }} Then it is "
        "{{ attention-needs-its-query.known:.0% }} against "
        "{{ attention-needs-its-query.mean:.1% }}, if one of "
        "{{ attention-needs-its-query.units_shown }} tokens sees the feature.",
    ),
    Question(
        "stride-or-pool-for-places",
        "Stride or pool if the place matters?",
        "uses",
        "alternatives#place",
        ("strided-convolution-keeps-the-place",),
        "{{ says strided-convolution-keeps-the-place }} For a single pixel in weak noise it is "
        "{{ strided-convolution-keeps-the-place.strided:.2f }} pixels against "
        "{{ strided-convolution-keeps-the-place.largest:.2f }}.",
    ),
    Question(
        "segmentation",
        "Pool or stride in segmentation and medical networks?",
        "uses",
        "alternatives#segmentation",
        ("strided-convolution-keeps-the-place",),
        "Either, if skip connections bring the fine map back; without them, not a max pool. A "
        "single pixel is read to {{ strided-convolution-keeps-the-place.depth:.3f }} pixels "
        "behind space to depth, which keeps all values.",
    ),
    Question(
        "soft-argmax",
        "What is a soft-argmax, and is it exact?",
        "uses",
        "alternatives#soft-argmax",
        ("soft-argmax-reads-between-pixels",),
        "The mean of all places, weighted by the softmax of the map. "
        "{{ says soft-argmax-reads-between-pixels }} Of a blob it is "
        "{{ soft-argmax-reads-between-pixels.soft:.2f }} pixels against "
        "{{ soft-argmax-reads-between-pixels.hard:.2f }}.",
    ),
    Question(
        "sets",
        "Which pooling for sets, point clouds and bags?",
        "uses",
        "alternatives#sets",
        ("log-sum-exp-is-best-for-one", "attention-needs-its-query"),
        "Max or log-sum-exp where one member decides, attention where its query can be learned. "
        "{{ says log-sum-exp-is-best-for-one }} For one of four members it finds "
        "{{ log-sum-exp-is-best-for-one.soft:.0% }}.",
    ),
    Question(
        "pooling-over-time",
        "Which pooling for sound and time series?",
        "uses",
        "alternatives#time",
        ("max-less-mean-with-shared-noise", "mean-leads-from-the-root"),
        "Max and mean side by side, as loudness is noise that all places share. "
        "{{ says max-less-mean-with-shared-noise }} The mean alone finds "
        "{{ max-less-mean-with-shared-noise.mean:.0% }}.",
    ),
    Question(
        "rotation",
        "Does pooling make a network rotation invariant?",
        "uses",
        "alternatives#rotation",
        ("turn-inside-a-window", "bank-finds-turned-petals"),
        "Near the centre of the turn, and no further. {{ says turn-inside-a-window }} "
        "{{ says bank-finds-turned-petals }}",
    ),
    Question(
        "channel-pooling",
        "What is pooling over channels for?",
        "uses",
        "alternatives#channels",
        ("bank-finds-turned-petals",),
        "To find a thing in any of the forms that channels have learned. "
        "{{ says bank-finds-turned-petals }} Turned by a right angle, the bank finds "
        "{{ bank-finds-turned-petals.bank_across:.0% }} of them.",
    ),
    Question(
        "pooling-time",
        "Why is pooling slower than its FLOPs say?",
        "practice",
        "alternatives#clock",
        ("pools-take-more-time-than-operations", "pools-compute-little-per-byte"),
        "It moves much and computes little. {{ says pools-take-more-time-than-operations }} In "
        "VGG-16 {{ pools-take-more-time-than-operations.first:.1% }} of the recorded time against "
        "{{ pools-take-more-time-than-operations.operations:.3% }} of the operations.",
    ),
    Question(
        "todays-networks",
        "Which pooling do ViT, Swin, ConvNeXt, Hiera and YOLO use?",
        "practice",
        "alternatives#today",
        ("strided-convolution-costs-most",),
        "Mostly strides on the way, and a max in few of them. At the end about half make one value "
        "of all places, by a mean or an attention: a table says it network by network.",
    ),
    Question(
        "roi-pooling",
        "RoI pooling or RoI alignment?",
        "practice",
        "alternatives#regions",
        ("rounded-regions-are-off",),
        "Alignment, where the place matters. {{ says rounded-regions-are-off }}",
    ),
    Question(
        "autoencoders",
        "Which pooling for autoencoders?",
        "practice",
        "alternatives#rebuild",
        ("indices-rebuild-independent-values",),
        "Means for smooth pictures, maxima with indices for sparse maps. "
        "{{ says indices-rebuild-independent-values }}",
    ),
    Question(
        "generators",
        "Pool or stride in GANs and other generators?",
        "practice",
        "alternatives#generators",
        ("strided-gradient-is-uneven", "blurred-max-reaches-more"),
        "A stride that divides the kernel, or a blur before it. "
        "{{ says strided-gradient-is-uneven }}",
    ),
    Question(
        "computation",
        "Does pooling reduce computation?",
        "savings",
        "cost#savings",
        ("pooling-saves-multiplications", "vgg16-without-pooling", "resnet50-without-stem-pool"),
        "{{ says pooling-saves-multiplications }} VGG-16's convolutions would multiply "
        "{{ vgg16-without-pooling.convolutions_ratio:.0f }} times as often without its "
        "poolings, all else as it is.",
    ),
    Question(
        "parameters",
        "Does pooling reduce the number of parameters?",
        "savings",
        "cost#parameters",
        ("convolution-weights-unchanged", "first-dense-layer-grows"),
        "Not in the convolutions. {{ says first-dense-layer-grows }}",
    ),
    Question(
        "pooling-removed",
        "What happens if pooling is removed?",
        "savings",
        "cost#removed",
        (
            "vgg16-without-pooling",
            "activation-memory",
            "receptive-field-with-pools",
            "first-dense-layer-grows",
        ),
        "The convolutions of VGG-16 would multiply "
        "{{ vgg16-without-pooling.convolutions_ratio:.0f }} times as often, its layers hand on "
        "{{ activation-memory.ratio:.0f }} times as many values, and its last units see "
        "{{ receptive-field-with-pools.vgg16_without }} pixels a side instead of "
        "{{ receptive-field-with-pools.vgg16_with }}. Its first dense layer would no longer fit: "
        "for the whole map it would take {{ first-dense-layer-grows.ratio:,.0f }} times the "
        "weights.",
    ),
    Question(
        "receptive-field",
        "Does 2×2 pooling double the receptive field?",
        "savings",
        "cost#receptive-field",
        ("pool-does-not-double-the-field", "receptive-field-with-pools"),
        "Mostly not. The receptive field is the pixels that can change one value; the jump is how "
        "far the fields of two neighbouring values are apart. A pooling adds one jump to the "
        "field, and doubles the jump. {{ says pool-does-not-double-the-field }}",
    ),
    Question(
        "depth",
        "How deep can a network be for the same cost?",
        "savings",
        "cost#depth",
        ("same-budget-depth", "six-equal-layers"),
        "{{ says same-budget-depth }} At fixed width {{ same-budget-depth.one }} layers for the "
        "price of {{ same-budget-depth.budget }} with one pooling, after the first layer; with "
        "the channels doubled at each pooling {{ same-budget-depth.doubled_twice }} with two.",
    ),
    Question(
        "accuracy",
        "Does pooling improve accuracy?",
        "training",
        "trained#accuracy",
        ("pooling-raises-accuracy", "max-pooling-at-equal-multiplications"),
        "It depends on which pooling, and on what follows. Small digit networks that end in a "
        "global mean tell {{ pooling-raises-accuracy.first:.1%}} of unseen digits right with max "
        "pooling, and {{ pooling-raises-accuracy.second:.1%}} without. If they flatten their maps "
        "it is {{ pooling-raises-accuracy.many_max:.1%}} and "
        "{{ pooling-raises-accuracy.many_none:.1%}}, and "
        "{{ pooling-raises-accuracy.many_mean:.1%}} with mean pooling.",
    ),
    Question(
        "overfitting",
        "Does pooling reduce overfitting?",
        "training",
        "trained#overfitting",
        ("pooling-reduces-overfitting", "convolution-weights-unchanged", "first-dense-layer-grows"),
        "Not by fewer weights in the convolutions, as it saves none there. Trained on "
        "{{ pooling-reduces-overfitting.few }} digits and ending in a global max, small networks "
        "had a gap of {{ pooling-reduces-overfitting.first:.0%}} with max pooling and a blur, and "
        "of {{ pooling-reduces-overfitting.second:.0%}} without. With plain max pooling and "
        "flattened maps it was about as wide as without.",
    ),
    Question(
        "dropout",
        "Is pooling a kind of dropout?",
        "training",
        "trained#dropout",
        ("pooling-a-kind-of-dropout", "pooling-reduces-overfitting"),
        "No: dropout silences values at random, in training alone; a max pooling silences the "
        "smaller ones, in training and after it. Trained on "
        "{{ pooling-a-kind-of-dropout.few }} digits, the gap to unseen ones is "
        "{{ pooling-a-kind-of-dropout.gap_max:.0%}} with max pooling, "
        "{{ pooling-a-kind-of-dropout.gap_dropout:.0%}} with dropout, and "
        "{{ pooling-a-kind-of-dropout.gap_none:.0%}} without either.",
    ),
    Question(
        "untrained-weights",
        "Does max pooling leave weights without gradient?",
        "training",
        "trained#gradient",
        ("pooled-network-trains-all-weights", "gradient-reaches-one-in-four"),
        "Hardly, in small digit networks. The gradient of one picture comes back to "
        "{{ pooled-network-trains-all-weights.positions_max:.0%}} of the first convolution's "
        "values with max pooling, but all places share their weights: "
        "{{ pooled-network-trains-all-weights.reached_max:.1%}} of these were reached in training, "
        "and {{ pooled-network-trains-all-weights.reached_none:.1%}} without pooling.",
    ),
    Question(
        "augmentation",
        "Does data augmentation do more than pooling?",
        "training",
        "trained#augmentation",
        ("moved-training-does-more", "pooled-network-robust-to-moves"),
        "{{ says moved-training-does-more }} Of digits moved by up to "
        "{{ moved-training-does-more.moves }} pixels {{ moved-training-does-more.first:.0%}} are "
        "told right after it, and {{ moved-training-does-more.second:.0%}} with max pooling "
        "instead.",
    ),
    Question(
        "exchanged-parts",
        "Does a trained network with pooling notice that parts are in the wrong place?",
        "training",
        "trained#parts",
        ("exchanged-parts-noticed",),
        "Mostly, in small digit networks. With the quarters of a digit exchanged, "
        "{{ exchanged-parts-noticed.first:.0%}} of the answers stay with max pooling and a global "
        "max at the end, {{ exchanged-parts-noticed.none_max:.0%}} with the global max alone, and "
        "{{ exchanged-parts-noticed.none_flatten:.0%}} if the maps are flattened.",
    ),
    Question(
        "shifted-picture",
        "Why does a trained network fail on a shifted picture, in spite of pooling?",
        "training",
        "trained#moves",
        ("pooled-network-robust-to-moves", "one-pixel-changes-answers"),
        "Because a network that flattens its maps has weights for each place, and steps inside a "
        "network look at other pixels after a move. {{ says pooled-network-robust-to-moves }}",
    ),
    Question(
        "output-size",
        "How is the output size computed?",
        "workings",
        "discarded#output-size",
        ("three-quarters-of-values",),
        "Without padding, count the windows that fit along each axis: the first takes its own "
        "size, each further one a stride more, and what does not fit is dropped.",
    ),
    Question(
        "any-size",
        "Does a network with global pooling take pictures of any size?",
        "workings",
        "trained#any-size",
        ("global-pooling-takes-any-size",),
        "It gives an answer for any size. On a larger canvas small networks with a global max tell "
        "{{ global-pooling-takes-any-size.max_large:.0%}} of digits right, as on their own. With a "
        "global mean and no pooling before it they tell "
        "{{ global-pooling-takes-any-size.none_large:.0%}}, and "
        "{{ global-pooling-takes-any-size.none_small:.0%}} on their own canvas.",
    ),
    Question(
        "gradient",
        "How does the gradient flow through max pooling?",
        "workings",
        "discarded#gradient",
        ("gradient-reaches-one-in-four", "overlap-reaches-fewer"),
        "All of it to the largest value of each window. {{ says gradient-reaches-one-in-four }} "
        "{{ says overlap-reaches-fewer }}",
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
        ("relu-commutes-with-max", "activation-commutes-with-max"),
        "{{ says relu-commutes-with-max }} {{ says activation-commutes-with-max }} With average "
        "pooling the order matters.",
    ),
    Question(
        "padding",
        "What does padding do in max pooling?",
        "workings",
        "discarded#padding",
        ("max-pads-with-minus-infinity",),
        "It lets windows reach beyond the border. {{ says max-pads-with-minus-infinity }}",
    ),
    Question(
        "thrown-away",
        "What does max pooling throw away?",
        "losses",
        "discarded#top",
        ("three-quarters-of-values", "position-still-decodable"),
        "{{ says three-quarters-of-values }} Lost with them is the place of sharp details "
        "inside a window, if windows lie side by side.",
    ),
    Question(
        "strongest-feature",
        "Is only the strongest feature kept?",
        "losses",
        "discarded#survivors",
        ("per-channel-survivors",),
        "{{ says per-channel-survivors }} Two features with a channel each both survive.",
    ),
    Question(
        "position",
        "What is lost when position matters, as in an Atari game?",
        "losses",
        "discarded#position",
        ("position-still-decodable", "global-pool-loses-place"),
        "A sharp dot's place inside its window, if windows lie side by side. "
        "{{ says position-still-decodable }} {{ says global-pool-loses-place }}",
    ),
    Question(
        "scrambled-face",
        "Does pooling accept a scrambled face?",
        "losses",
        "mirages#accepted",
        ("scrambled-flower-accepted", "exchanged-petals-accepted"),
        "{{ says scrambled-flower-accepted }} {{ says exchanged-petals-accepted }}",
    ),
    Question(
        "hinton",
        "What did Hinton mean when he called pooling a big mistake?",
        "losses",
        "mirages#overlap",
        ("overlap-keeps-position", "rearrangements-invisible-to-local-pool"),
        "That pooling loses how parts fit together, if its windows do not overlap; and even "
        "with overlap he no longer thought coarse coding the way to keep it. "
        "{{ says overlap-keeps-position }}",
    ),
    Question(
        "is-max-pooling-bad",
        "Is max pooling really bad?",
        "losses",
        "mirages#bad",
        ("scrambled-flower-accepted", "arrangement-before-global-pool"),
        "In weak noise a local pool need not be: flowers with their parts anywhere pass one over "
        "4 × 4 in {{ scrambled-flower-accepted.anywhere_4:.1% }} of cases, one over the whole map "
        "in {{ scrambled-flower-accepted.anywhere_global:.0% }}. Nor need a global one, if a "
        "kernel covers the flower before it: then "
        "{{ arrangement-before-global-pool.before_scrambled:.1% }} pass. "
        "{{ says arrangement-before-global-pool }}",
    ),
    Question(
        "multiple-of-16",
        "Why must a U-Net's input be a multiple of 16?",
        "fitting",
        "sizes#multiples",
        ("encoder-decoder-sizes",),
        "Each pooling drops the last row of an odd map, and doubling does not bring it back. "
        "{{ says encoder-decoder-sizes }} With four poolings it is a multiple of "
        "{{ encoder-decoder-sizes.multiple }}.",
    ),
    Question(
        "negative-dimension-size",
        "What does negative dimension size mean?",
        "fitting",
        "sizes#negative",
        ("pools-a-map-bears",),
        "A window is larger than the map that it is put on. {{ says pools-a-map-bears }} A map of "
        "{{ pools-a-map-bears.large }} rows has room for {{ pools-a-map-bears.large_bears }}. If "
        "the error comes sooner, look at the order of the axes and at unpadded convolutions.",
    ),
    Question(
        "adaptive-pooling",
        "What does adaptive pooling do?",
        "fitting",
        "sizes#adaptive",
        ("adaptive-is-not-ordinary",),
        "It deals the rows out to as many windows as values are wanted: of "
        "{{ adaptive-is-not-ordinary.uneven }} rows, {{ adaptive-is-not-ordinary.windows }} "
        "windows take {{ adaptive-is-not-ordinary.least }} or "
        "{{ adaptive-is-not-ordinary.largest }} each, and share some. "
        "{{ says adaptive-is-not-ordinary }}",
    ),
    Question(
        "pytorch-or-tensorflow",
        "Why do PyTorch and TensorFlow pool differently?",
        "fitting",
        "sizes#frameworks",
        ("same-is-not-symmetric",),
        "They put an odd padding in different places. {{ says same-is-not-symmetric }} In 3 × 3 "
        "max pooling with stride 2 of {{ same-is-not-symmetric.side_shown }} rows of white noise, "
        "{{ same-is-not-symmetric.noise:.0% }} of the values differ.",
    ),
    Question(
        "padding-in-the-mean",
        "Does average pooling count the padding?",
        "fitting",
        "sizes#divisor",
        ("divisor-counts-padding",),
        "In PyTorch it does unless told otherwise, in TensorFlow it does not. "
        "{{ says divisor-counts-padding }} A map of ones then has "
        "{{ divisor-counts-padding.corner:.0% }} in its corner, with 3 × 3 windows and one row of "
        "padding.",
    ),
    Question(
        "max-unpooling",
        "What is max unpooling?",
        "fitting",
        "sizes#unpooling",
        ("unpooling-is-ambiguous",),
        "It puts each maximum back where it came from, and zeros elsewhere: after 2 × 2 pooling "
        "{{ unpooling-is-ambiguous.kept:.0% }} of the values are back. "
        "{{ says unpooling-is-ambiguous }}",
    ),
    Question(
        "stride-1-pooling",
        "Why use max pooling with stride 1?",
        "detail",
        "sizes#stride-1",
        ("stacked-small-windows",),
        "It lets each value see what is around it, and keeps the size: spatial pyramids and peak "
        "finders use it. {{ says stacked-small-windows }}",
    ),
    Question(
        "near-objects",
        "How near may two objects be?",
        "detail",
        "sizes#near",
        ("near-objects-merge",),
        "{{ says near-objects-merge }} If they are {{ near-objects-merge.near }} pixels apart, two "
        "max poolings make one value of them in {{ near-objects-merge.two:.0% }} of their places.",
    ),
    Question(
        "small-objects-lost",
        "Does pooling lose small objects?",
        "detail",
        "sizes#small",
        ("small-objects-fade", "near-objects-merge"),
        "In noise it can. {{ says small-objects-fade }} {{ says near-objects-merge }}",
    ),
    Question(
        "how-many-pooling-layers",
        "How many pooling layers should a network have?",
        "detail",
        "sizes#how-many",
        ("pools-a-map-bears", "near-objects-merge", "receptive-field-with-pools"),
        "Enough that a value sees a whole object, but fewer if objects are small or near each "
        "other. {{ says pools-a-map-bears }} {{ says near-objects-merge }}",
    ),
    Question(
        "cifar",
        "Why is the pooling removed for CIFAR and other small pictures?",
        "detail",
        "sizes#cifar",
        ("stem-for-small-pictures",),
        "A network for large photographs leaves a small picture hardly any places. On "
        "{{ stem-for-small-pictures.picture }} × {{ stem-for-small-pictures.picture }} pixels, the "
        "last map of ResNet-18 has {{ stem-for-small-pictures.last }} row as designed, and "
        "{{ stem-for-small-pictures.last_small }} if its stem neither pools nor strides, for "
        "{{ stem-for-small-pictures.ratio:.0f }} times the multiplications.",
    ),
    Question(
        "dimensions",
        "What does pooling do in 1D and 3D?",
        "detail",
        "sizes#axes",
        ("pooling-in-three-dimensions",),
        "The same along each axis, so that shares multiply. {{ says pooling-in-three-dimensions }} "
        "Windows of two then leave {{ pooling-in-three-dimensions.one:.0% }} of the values in "
        "sound, {{ pooling-in-three-dimensions.two:.0% }} in pictures and "
        "{{ pooling-in-three-dimensions.three:.1% }} in volumes.",
    ),
    Question(
        "batch-norm-order",
        "Batch norm before or after pooling?",
        "order",
        "sizes#norm",
        ("norm-commutes-with-max", "norm-after-max-in-training"),
        "{{ says norm-commutes-with-max }} In training it is not the same: independent normal "
        "values, normalised before 2 × 2 max pooling, leave it with a mean of "
        "{{ norm-after-max-in-training.mean:.2f }} standard deviations, and with zero if they are "
        "normalised behind it.",
    ),
    Question(
        "dropout-order",
        "Dropout before or after pooling?",
        "order",
        "sizes#dropout",
        ("dropout-before-max-is-biased",),
        "After max pooling, unless whole channels are dropped. "
        "{{ says dropout-before-max-is-biased }} Of values spread evenly from zero to one, half of "
        "them dropped, 2 × 2 maxima are {{ dropout-before-max-is-biased.times:.2f }} times as "
        "large.",
    ),
    Question(
        "blur-order",
        "Blur before or after the activation?",
        "order",
        "sizes#blur",
        ("blur-before-or-after-rectifier",),
        "After it, and before the subsampling. Of independent normal values, a 3 × 3 blur before "
        "the rectifier leaves {{ blur-before-or-after-rectifier.left:.1% }} of the mean that it "
        "leaves after it.",
    ),
    Question(
        "rectifier-after-max",
        "Is a ReLU needed after max pooling?",
        "order",
        "sizes#linear",
        ("max-needs-no-rectifier", "mean-pool-is-a-convolution"),
        "Not to bend the stack, as a max does that too. {{ says max-needs-no-rectifier }} To write "
        "the max of 2 × 2 takes {{ max-needs-no-rectifier.rectifiers }} rectifiers.",
    ),
    Question(
        "pad-tokens",
        "How do pad tokens change a pooled answer?",
        "numbers",
        "sizes#pad-tokens",
        ("padded-tail-takes-over", "padding-dilutes-the-mean", "batch-mates-change-the-answer"),
        "They count in a mean, and can win a max. {{ says batch-mates-change-the-answer }} "
        "{{ says padded-tail-takes-over }} A mask that leaves them out mends both.",
    ),
    Question(
        "nan",
        "Does pooling stop a NaN?",
        "numbers",
        "sizes#nan",
        ("nan-spreads",),
        "No: in NumPy and PyTorch a NaN wins each window that it is in. After "
        "{{ nan-spreads.layers_shown }} pairs of a 3 × 3 convolution and a 2 × 2 pooling, one of "
        "them has spoiled up to {{ nan-spreads.pooled:.0% }} of the map, and "
        "{{ nan-spreads.plain:.2% }} without the poolings.",
    ),
    Question(
        "int8",
        "Does pooling work in int8?",
        "numbers",
        "sizes#int8",
        ("int8-max-is-exact",),
        "{{ says int8-max-is-exact }} Of 2 × 2 means {{ int8-max-is-exact.rounded:.1% }} come out "
        "different, if values are independent and spread over many steps.",
    ),
    Question(
        "half-precision",
        "Is a mean in float16 exact?",
        "numbers",
        "sizes#half",
        ("half-precision-mean",),
        "A max is, as it is one of the values. {{ says half-precision-mean }} Added one after the "
        "other in float16, the ones of a map of {{ half-precision-mean.side_shown }} × "
        "{{ half-precision-mean.side_shown }} stop at {{ half-precision-mean.stuck:,d }}.",
    ),
    Question(
        "deterministic",
        "Is pooling deterministic?",
        "numbers",
        "sizes#repeat",
        ("overlapping-gradients-repeat",),
        "Its gradient need not be: where windows overlap it is a sum, and floats depend on the "
        "order. "
        "{{ says overlapping-gradients-repeat }} In another order, "
        "{{ overlapping-gradients-repeat.mean_share:.0% }} of the sums of "
        "{{ overlapping-gradients-repeat.terms }} terms come out different.",
    ),
)  # fmt: skip
