"""How much of a processor's time tells that somebody looks at each of many at each of many."""

SQUARED_S = 6.0
"""What is done here takes some tenths of a second, several times that on a machine that others use
or while lines are counted; done for every pair of ten thousand it takes far longer."""
