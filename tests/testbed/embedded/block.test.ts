import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { WeirError } from '../../../errors/index.ts'
import { blockAt, chooseBlock, holdBlock } from '../../../testbed/embedded/block.ts'

const listenOn = (host: string, port: number) =>
  new Promise<() => Promise<void>>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => resolve(() => new Promise((closed) => server.close(() => closed()))))
  })

/** A port of the ephemeral range, so that no other testbed of this machine stands there. */
const PORT = 47_613

test('blocks do not overlap, and none lies where everybody else on the machine listens', () => {
  const prefixes = Array.from({ length: 5000 }, (_, index) => blockAt(index)).flatMap(
    ({ podPrefix, clusterIpPrefix, loadBalancerPrefix }) => [podPrefix, clusterIpPrefix, loadBalancerPrefix],
  )
  assert.is(new Set(prefixes).size, prefixes.length)
  assert.not(
    prefixes.some((prefix) => prefix.startsWith('127.0.') || !/^127\.\d{1,3}\.\d{1,3}\.$/.test(prefix)),
  )
  for (const prefix of prefixes)
    for (const part of prefix.split('.').slice(0, 3)) assert.ok(Number(part) <= 255)
})

test('a block that is taken is passed over', async () => {
  const first = await chooseBlock(1000, PORT)
  assert.equal(first, blockAt(1000))
  const close = await listenOn(first.nodeIp, PORT)
  try {
    const second = await chooseBlock(1000, PORT)
    assert.is.not(second.nodeIp, first.nodeIp)
  } finally {
    await close()
  }
})

test('blocks that are held at once differ, and one that is released is free again', async () => {
  const held = await Promise.all(Array.from({ length: 10 }, () => holdBlock(2000, PORT)))
  assert.is(new Set(held.map(({ nodeIp }) => nodeIp)).size, held.length)
  await Promise.all(held.map(({ release }) => release()))
  const again = await holdBlock(2000, PORT)
  await again.release()
  assert.is(again.nodeIp, blockAt(2000).nodeIp)
})

test('when nothing is free, the error says where', async () => {
  const close = await listenOn('0.0.0.0', PORT)
  try {
    await chooseBlock(1000, PORT)
    assert.unreachable()
  } catch (error) {
    assert.is((error as WeirError).code, 'WEIR_ADDRESS_IN_USE')
    assert.match((error as WeirError).message, new RegExp(`${blockAt(1000).nodeIp}`))
  } finally {
    await close()
  }
})

test.run()
