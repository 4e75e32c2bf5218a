/**
 * Entry point of a child process. It ignores signals, which reach whole process groups: the parent stops it, and it ends
 * with the parent.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit(1))

const { runChild } = await import('./child.ts')
runChild()
