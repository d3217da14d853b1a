import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { follow } from "./live.ts";
import { loadChart } from "./money/view.tsx";
import { connection } from "./store.ts";
import { drawVisibly } from "./ui/visible.ts";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/requests.css";
import "./styles/orders.css";
import "./styles/cards.css";

drawVisibly();
// The first answers arrive while the page is drawn.
follow();
const place = document.getElementById("app");
if (place) render(<App />, place);
// After everything that the first view needs, and before somebody stops the mock.
effect(() => {
  if (connection.value.state === "live") setTimeout(loadChart, 1_000);
});
