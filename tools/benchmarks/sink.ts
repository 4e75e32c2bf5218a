/**
 * The cheapest broker there is: accepts every MQTT 5 client, answers pings, and nothing else. It takes each read for
 * whole packets, which holds for small packets on loopback. Prints its port.
 */
import { createServer } from 'node:net'

const CONNACK = Buffer.from([0x20, 3, 0, 0, 0])
const PINGRESP = Buffer.from([0xd0, 0])

const server = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    if (bytes[0] === 0x10) socket.write(CONNACK)
    else if (bytes[0] === 0xc0) socket.write(PINGRESP)
    else socket.end()
  })
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`${(server.address() as { port: number }).port}\n`)
})
