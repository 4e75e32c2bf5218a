/**
 * The first thing that runs in a child process of the fleet. Ctrl-C on a terminal and the end of a service signal whole process
 * groups: the parent hears it too, and lets this process's clients say goodbye. When the parent itself is gone, so is this.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit(1))

const { runChild } = await import('./child.ts')
runChild()
