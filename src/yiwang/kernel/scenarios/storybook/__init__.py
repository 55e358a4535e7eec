"""Stories as text: what one says, read and checked without a city. Playing them is the business of `stories`."""
