/** A ping leaves a little before the interval is over: MQTT wants a packet within it (3.1.1 §3.1.2.10, 5 §3.1.2.10). */
const PING_AFTER = 0.9
/** Together with the silence before the ping this makes 1.4 intervals; a server allows a client 1.5. */
const PONG_WITHIN = 0.5

export function nextPingMs(lastPacketMs: number, keepAliveMs: number): number {
  return lastPacketMs + PING_AFTER * keepAliveMs
}

export function pongDeadlineMs(pingedMs: number, keepAliveMs: number): number {
  return pingedMs + PONG_WITHIN * keepAliveMs
}
