#!/usr/bin/env node
// Plain JavaScript: it must parse, and print its error, on a Node that cannot run the rest.
const [major, minor] = process.versions.node.split('.').map(Number)
const { existsSync } = await import('node:fs')
const isCheckout = existsSync(new URL('../tsconfig.json', import.meta.url))
if (major < 22 || (major === 22 && minor < 19)) {
  const todo = isCheckout
    ? 'start weir with "npx weir" or "npm start", which use the Node that npm ci installed'
    : 'install a newer Node'
  process.stderr.write(`weir: Node ${process.versions.node} is too old (22.19 or newer is needed): ${todo}\n`)
  process.exit(4)
}
const { staleReason } = await import('./stale.mjs')
const { dirname } = await import('node:path')
const stale = staleReason(dirname(import.meta.dirname))
if (stale) {
  process.stderr.write(`weir: ${stale}: run "npm run build"\n`)
  process.exit(4)
}
// Stack traces name the sources, where there are any. Reading the maps takes as long as judging half a small record.
if (isCheckout && process.argv.includes('--debug')) process.setSourceMapsEnabled(true)
// Worker threads and child processes compile the same modules and get the cache through the environment.
const { enableCompileCache, getCompileCacheDir } = await import('node:module')
enableCompileCache()
const cache = getCompileCacheDir()
if (cache) process.env.NODE_COMPILE_CACHE ??= dirname(cache)
const { guardProcess } = await import('../dist/cli/guard.js')
guardProcess()
const { main } = await import('../dist/cli/main.js')
process.exitCode = await main(process.argv.slice(2))
// The command is over: a socket that a peer does not close must not keep the process.
setTimeout(() => process.exit(), 5000).unref()
