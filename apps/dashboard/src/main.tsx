import { render } from "preact";
import { App } from "./app.tsx";
import { follow } from "./live.ts";
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/requests.css";
import "./styles/orders.css";
import "./styles/cards.css";

const place = document.getElementById("app");
if (place) render(<App />, place);
follow();
