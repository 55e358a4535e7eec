drop schema org cascade;
