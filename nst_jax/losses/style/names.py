"""The names of the style statistics, which settings and commands read without JAX; `catalogue` has the objects."""

STATISTICS = (
    "gram",
    "mean",
    "mean-spread",
    "covariance",
    "wasserstein",
    "raw-moments",
    "central-moments",
    "histogram",
    "sliced",
    "shifted-gram",
    "spectrum",
    "patches",
    "nearest",
    "contextual",
    "relaxed-emd",
)
