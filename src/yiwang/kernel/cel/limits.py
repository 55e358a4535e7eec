"""How large an expression and what it reads may be. Each number bounds the worst time that a file can cost us."""

#: Characters of one expression. A sum of 20,000 terms overflows the stack of the library and ends the process.
MAX_CHARS = 2_000
#: Elements of any list or map that an expression with a macro reads. Macros walk it.
MAX_LIST = 200
#: Elements of a list or map, and characters of a text, that an expression without a macro reads.
MAX_PLAIN = 10_000
#: ``+`` in one expression: joining lists and texts copies them, so n joins cost n * n.
MAX_JOINS = 100
#: ``+`` inside the bodies of macros, all together: chained macros could double what they hold at each.
MAX_JOINS_IN_MACROS = 3
#: Macros in one expression, one after the other.
MAX_MACROS = 5
#: Values (elements at any depth) that an expression with a macro reads, all together.
MAX_WALKED = 2_000
