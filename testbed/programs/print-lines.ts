import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { Print } from '../kubelet/program.ts'

const POLL_MS = 100
const CHUNK_BYTES = 64 * 1024

/** Reads what a file gets from now on, and hands on each whole line. The returned function reads to the end and stops. */
export function printLines(file: string, print: Print): () => void {
  let at = sizeOf(file)
  let rest = ''
  const buffer = Buffer.alloc(CHUNK_BYTES)
  const decoder = new TextDecoder()
  const read = () => {
    if (sizeOf(file) <= at) return
    const descriptor = openSync(file, 'r')
    try {
      for (let left = fstatSync(descriptor).size - at; left > 0; ) {
        const got = readSync(descriptor, buffer, 0, Math.min(CHUNK_BYTES, left), at)
        if (got === 0) return
        at += got
        left -= got
        const lines = (rest + decoder.decode(buffer.subarray(0, got), { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) print(line)
      }
    } finally {
      closeSync(descriptor)
    }
  }
  const timer = setInterval(read, POLL_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    read()
    if (rest !== '') print(rest)
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
