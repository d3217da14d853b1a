import { request } from "node:http";
import { connect } from "node:net";

const types = ["request", "change", "fault", "clock", "renewal", "state"];

/**
 * Watches what happens, and minds that every event can be read.
 *
 * @param {URL} url
 * @param {string} query
 * @param {import("./tally.mjs").Tally} tally
 */
export function watchEvents(url, query, tally) {
  const kind = `events${query && ", of one account"}`;
  let told = 0;
  let rest = "";
  const watching = request(new URL(`/__mock/events${query}`, url), (response) => {
    response.setEncoding("utf8");
    response.on("data", (text) => {
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) read(block);
    });
    response.on("error", () => {});
  });
  watching.on("error", () => {});
  watching.end();

  function read(block) {
    if (block.startsWith(":")) return;
    told += 1;
    tally.count(kind);
    const [, type, number, data] = /^event: (\w+)\nid: (\d+)\ndata: (.*)$/.exec(block) ?? [];
    const isWell = types.includes(type) && Number(number) === told && isEvent(data, type);
    if (!isWell) tally.unexpected(kind, `no event, or not number ${told}: ${block.slice(0, 300)}`);
  }

  return { stop: () => watching.destroy() };
}

function isEvent(data, type) {
  try {
    return JSON.parse(data).type === type;
  } catch {
    return false;
  }
}

/**
 * Watches, and reads nothing: the mock is to end that, and not to keep ever more for it.
 *
 * @param {URL} url
 * @param {{ patience: number, isOver: () => boolean }} options how long it may take, in milliseconds
 * @returns {Promise<boolean>} whether it ended it in time
 */
export function watchWithoutReading(url, { patience, isOver }) {
  const due = performance.now() + patience;
  return new Promise((resolve) => {
    const socket = connect(Number(url.port), "127.0.0.1").pause();
    // An end is not seen by who does not read, but writing shows it.
    const probe = setInterval(() => {
      socket.write("\r\n");
      if (isOver() || performance.now() > due) end(false);
    }, 200);
    function end(inTime) {
      clearInterval(probe);
      socket.destroy();
      resolve(inTime);
    }
    socket.once("error", () => end(true));
    socket.write("GET /__mock/events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
  });
}
