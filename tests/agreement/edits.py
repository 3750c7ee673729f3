"""Edits of a document: how a mutant differs from its base.

["set", PATH, VALUE]          puts a value there, over what is there
["fill", PATH, TEXT, TIMES]   puts a text there that repeats another one
["remove", PATH]              takes a field or an item away
["rename", PATH, KEY]         gives a field another key
["repeat", PATH, TIMES]       appends an item to its list this many times more
["reverse", PATH]             turns a list around

PATH is the list of keys and indices that lead there. corpus.rs does the same.
"""

import copy


def apply(document, edits):
    """A copy of the document with all edits in it; KeyError, IndexError or TypeError where an edit has no place."""
    document = copy.deepcopy(document)
    for name, path, *rest in edits:
        owner = document
        for step in path[:-1]:
            owner = owner[step]
        EDITS[name](owner, path[-1], *rest)
    return document


def put(owner, step, value):
    owner[step] = copy.deepcopy(value)


def fill(owner, step, text, times):
    owner[step] = text * times


def remove(owner, step):
    del owner[step]


def rename(owner, step, key):
    owner[key] = owner.pop(step)


def repeat(owner, step, times):
    owner.extend(copy.deepcopy(owner[step]) for _ in range(times))


def reverse(owner, step):
    owner[step].reverse()


EDITS = {"set": put, "fill": fill, "remove": remove, "rename": rename, "repeat": repeat, "reverse": reverse}
