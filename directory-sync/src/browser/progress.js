// Waits for the end of the work that goes on, and goes there.
const over = async () => {
  for (;;) {
    const answer = await fetch("/working/over", { cache: "no-store" });
    if (answer.status !== 202) return;
  }
};
// Where nobody answers, the browser says so.
over().finally(() => location.replace("/working"));
