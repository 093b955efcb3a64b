"""Which notebook asks for which exercises, in the course's order; what notebooks work out themselves is not among them.

A test holds this in step with the notebooks.
"""

CHAPTERS = {
    "00_quickstart": ("gradient_step",),
    "01_pipeline": ("feature_shape", "parameters"),
    "02_what_vgg_sees": ("receptive_field", "preprocess"),
    "03_style_as_statistics": ("gram", "style_loss"),
    "04_losses_and_gradients": ("content_gradient",),
    "05_optimisers": ("lbfgs_direction",),
    "06_alpha_beta": ("jcjohnson_to_paper",),
    "07_your_picture": ("affordable_size",),
    "08_test_an_idea": ("average_pool",),
    "20_control": ("blend_targets", "guided_gram", "cholesky_match"),
    "21_beyond_gram": ("wasserstein_1d", "mean_and_step"),
    "22_large_pictures": ("halo", "gram_of_tiles"),
    "30_fast_networks": ("instance_norm", "break_even"),
    "31_any_style": ("whiten", "adain"),
    "40_video": ("consistent", "closest_first"),
    "50_textures": ("match_histogram",),
    "51_strokes_and_patches": ("cheapest_cut",),
    "52_side_by_side": ("beaten_by",),
}
ASKED = tuple(exercise for exercises in CHAPTERS.values() for exercise in exercises)
