drop schema share cascade;
