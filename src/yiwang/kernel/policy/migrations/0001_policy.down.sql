drop schema policy cascade;
