// One line a second: enough to watch, to pause and to cancel.
const [what, seconds] = [process.argv[2], Number(process.argv[3])];
for (let second = 1; second <= seconds; second += 1) {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  console.log(`${what}: ${second} of ${seconds}`);
}
