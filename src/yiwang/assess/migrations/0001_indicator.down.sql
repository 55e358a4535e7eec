drop schema assess cascade;
