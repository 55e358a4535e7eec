"""Decision tables (DMN 1.x), evaluated by ourselves with CEL in the cells."""
