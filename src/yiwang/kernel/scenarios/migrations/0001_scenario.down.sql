drop schema scenario cascade;
