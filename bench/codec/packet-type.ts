/** First byte of the control packets: type in the upper half, the flags that the type requires in the lower. */
export const CONNECT = 0x10
export const CONNACK = 0x20
export const PUBLISH = 0x30
export const PUBACK = 0x40
export const PUBREC = 0x50
export const PUBREL = 0x62
export const PUBCOMP = 0x70
export const SUBSCRIBE = 0x82
export const SUBACK = 0x90
export const UNSUBSCRIBE = 0xa2
export const UNSUBACK = 0xb0
export const PINGREQ = 0xc0
export const PINGRESP = 0xd0
export const DISCONNECT = 0xe0
export const AUTH = 0xf0

/** The same for every client of every version. */
export const PINGREQ_BYTES = Buffer.from([PINGREQ, 0])
