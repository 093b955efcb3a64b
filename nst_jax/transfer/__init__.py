"""A content and a style picture to a third: settings, job, scales, run, result, run folder, estimate."""
