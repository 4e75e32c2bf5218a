import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { messageOf, WeirError } from '../../../errors/index.ts'
import { blockAt, chooseBlock, holdBlock, onFreeBlock } from '../../../testbed/embedded/block.ts'

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

test('a block that another testbed takes between the look and the use is passed over', async () => {
  const tried: string[] = []
  const used = await onFreeBlock(
    async ({ nodeIp }) => {
      tried.push(nodeIp)
      if (tried.length === 1) throw new WeirError('WEIR_ADDRESS_IN_USE', 'taken')
      return nodeIp
    },
    3000,
    PORT,
  )
  assert.equal(tried, [blockAt(3000).nodeIp, blockAt(3001).nodeIp])
  assert.is(used, blockAt(3001).nodeIp)
})

test('what fails for another reason is not tried again', async () => {
  let tries = 0
  const use = async () => {
    tries += 1
    throw new Error('broken')
  }
  const failure = await onFreeBlock(use, 3000, PORT).then(() => undefined, messageOf)
  assert.equal([failure, tries], ['broken', 1])
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
