"""The page shell: layouts, parts, forms, islands, and the pages of the kernel. See README.md in this folder."""
