import { render } from "preact";
import { followKeys } from "./keys";
import { followStore } from "./state/data";
import { followPrefs } from "./state/prefs";
import { findSaved } from "./state/undo";
import "./style/tokens.css";
import "./style/style.css";
import "./style/today.css";
import "./style/lists.css";
import "./style/plans.css";
import "./style/network.css";
import { Frame } from "./views/frame/frame";

followPrefs();
followKeys();
followStore();
void findSaved();

const root = document.getElementById("app");
if (root) render(<Frame />, root);
