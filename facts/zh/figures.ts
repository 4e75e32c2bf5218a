import type { FigureDefinition, FigureId } from '../figures.ts'

/** The titles of facts/figures.ts in Chinese. */
export const FIGURE_TITLES: Readonly<Record<FigureId, string>> = {
  took: '从更改到完成的时间',
  firstEviction: 'Service 切换之后到第一次断开',
  downtimeP50: '客户端离线时间，中位数',
  downtimeP95: '客户端离线时间，第 95 百分位数',
  downtimeP99: '客户端离线时间，第 99 百分位数',
  downtimeMax: '客户端最长的离线时间',
  offlinePeak: '同时离线的客户端',
  attemptsBurst: '超出允许速率的连接尝试',
  evictionsBurst: '单个节点超出速率的断开',
  attemptsPeak: '一秒内的连接尝试',
  slowestDrain: '最慢一次疏散每秒断开的客户端',
  attemptsPerEviction: '每次断开的连接尝试',
  refusals: '被拒绝的连接尝试',
  deliveryP99: '消息送达时间，第 99 百分位数',
  acknowledgeP99: '消息确认时间，第 99 百分位数',
  probeGap: '探测到的最长服务中断',
  messagesLost: '丢失的消息',
  messagesDuplicated: '无故重复的消息',
  messagesOvertaken: '被后一条超过的消息',
  sessionsLost: '丢失的会话',
  clientsLost: '没有重新连接的客户端',
}

/** What follows a value. */
export const UNITS: Readonly<Record<FigureDefinition['unit'], string>> = {
  s: '秒',
  '/s': '次/秒',
  clients: '个客户端',
  attempts: '次尝试',
  evictions: '次断开',
  messages: '条消息',
  sessions: '个会话',
  '': '',
}
