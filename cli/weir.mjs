#!/usr/bin/env node
// Plain JavaScript on purpose: it must still parse, and explain itself, on a Node that cannot run the rest.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `weir: Node ${process.versions.node} is too old (22.19 or newer is needed): start weir with "npx weir" or "npm start", which use the Node that npm ci installed\n`,
  )
  process.exit(4)
}
// Types are stripped once and kept, which spares a bench some 30 MiB (bench/benchmarks/connections.ts).
const { enableCompileCache } = await import('node:module')
enableCompileCache()
const { guardProcess } = await import('./guard.ts')
guardProcess()
const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
