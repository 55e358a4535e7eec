import htmx from "htmx.org";
import { forms, menus, start } from "./common.js";
import { inbox } from "./inbox.js";
import { keys } from "./keys.js";
import { palette } from "./palette.js";

window.htmx = htmx;
menus();
forms();
keys();
inbox();
palette(document.getElementById("palette"));
start();
document.addEventListener("htmx:after:swap", () => start());

// The wall's clock.
const clock = document.querySelector("[data-clock]");
if (clock) setInterval(() => { clock.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }); }, 5000);
