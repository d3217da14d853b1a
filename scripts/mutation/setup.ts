import { beforeEach } from "vitest";
import { skipped } from "./groups.mjs";

beforeEach(({ task, skip }) => skip(skipped.titles.some((title) => title.test(task.name))));
