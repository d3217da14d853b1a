/** Lets many through, and now and then one alone. */
export function createGate() {
  let inside = 0;
  let closed;
  let emptied = () => {};

  return {
    /** Does something beside others. */
    async through(work) {
      while (closed) await closed;
      inside += 1;
      try {
        return await work();
      } finally {
        inside -= 1;
        if (inside === 0) emptied();
      }
    },
    /** Waits until nobody is inside, and does something alone. */
    async alone(work) {
      let open;
      closed = new Promise((resolve) => {
        open = resolve;
      });
      try {
        if (inside > 0) await new Promise((resolve) => (emptied = resolve));
        return await work();
      } finally {
        closed = undefined;
        emptied = () => {};
        open();
      }
    },
  };
}
