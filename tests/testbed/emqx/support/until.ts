/** Waits for a condition, with a deadline that only a broken test reaches. Fails with the last value of `describe`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  describe: () => unknown = () => 'condition',
): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not so after 20 s: ${JSON.stringify(describe())}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
