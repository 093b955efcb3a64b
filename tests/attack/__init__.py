"""An attack on the package: broken and odd pictures, weights, settings, folders and processes.

`python -m tests.attack` runs the short form, which CI runs too; `--long` the long one. What may come of an attempt: the
thing is used, or it is refused by one line. A traceback, a hang, a dead process or more than 1 GiB is a fault.
"""
