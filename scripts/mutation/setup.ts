import { beforeEach } from "vitest";
import { skipped } from "./skipped.ts";

beforeEach(({ task, skip }) => skip(skipped.titles.some((title) => title.test(task.name))));
