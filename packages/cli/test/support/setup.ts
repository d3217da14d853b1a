import { beforeEach, vi } from "vitest";

// The pause before a retry is drawn at random, from nothing on. Here it is always nothing: that it is kept is proven in the
// client's tests.
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
});
