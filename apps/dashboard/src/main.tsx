import { render } from "preact";
import { App } from "./app.tsx";
import { follow } from "./live.ts";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/requests.css";
import "./styles/orders.css";
import "./styles/cards.css";

// The first answers arrive while the page is drawn.
follow();
const place = document.getElementById("app");
if (place) render(<App />, place);
