import { forms, menus, start } from "./common.js";

menus();
forms();
start();
