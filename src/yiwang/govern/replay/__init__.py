"""The log of another system, taken in: as history in bulk, and one real day live through the process.

``mapping`` is what a city says about its log; ``records`` reads the file, ``meaning`` and ``packing`` turn rows into
what PostgreSQL's COPY takes, ``load`` is the one action. ``live`` plays a day. ``command`` is ``yiwang replay``.
"""
