/** Kinds of frames (RFC 6455 §5.2). */
export const CONTINUATION = 0
export const BINARY = 2
export const CLOSE = 8
export const PING = 9
export const PONG = 10
