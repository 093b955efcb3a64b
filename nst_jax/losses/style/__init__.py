"""Style statistics, one module each.

`statistic` says what one is, `catalogue` and `names` list them; `positions`, `rows` and `lags` are what several share.
"""
