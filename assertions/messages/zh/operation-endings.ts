import type { endings as english } from '../operation-endings.ts'
import { listed, seconds, when } from './chinese.ts'

/** Messages of the assertions on stopping and deleting a cluster. */
export const endings: typeof english = {
  stopped: {
    bound: ({ seconds: most, closeSeconds }) =>
      `${most} 秒之后没有 Pod，再过 ${closeSeconds} 秒没有连接，启动之后 Pod 数量与之前相同`,
    noStop: '记录中没有停止操作',
    noStopSettle: '请使用 stop 步骤停止集群。',
    blind: 'Pod 的监视连接曾丢失',
    unfinished: ({ pods }) => `记录结束时还有 ${pods} 个 Pod`,
    stay: ({ pods, ns }) => `停止之后 ${seconds(ns)}，${listed(pods)} 仍在运行。`,
    measuredStay: ({ pods }) => `剩余 ${pods} 个 Pod`,
    late: ({ ns }) => `停止之后 ${seconds(ns)}，最后一个 Pod 才消失。`,
    measured: ({ ns }) => `${seconds(ns)}之后没有 Pod`,
    back: ({ pod, at }) => `Pod ${pod} 在${when(at)}出现，而集群已停止。`,
    connected: ({ client, at }) => `${client} 在${when(at)}仍然在线，而已没有任何 Pod。`,
    unrestored: ({ now, before }) => `记录结束时只有 ${now} 个 Pod，之前有 ${before} 个`,
    overtaken: ({ now, before }) => `下一个操作开始时只有 ${now} 个 Pod 在运行，停止之前有 ${before} 个`,
    overtakenSettle: '请先用 `waitFor: running` 等集群恢复，再进行下一个操作。',
    restored: ({ now, before }) => `停止之前有 ${before} 个 Pod，启动之后有 ${now} 个。`,
    measuredRestored: ({ now, before }) => `${before} 个 Pod 中有 ${now} 个`,
    held: ({ pods, ns, started }) =>
      `停止之后 ${seconds(ns)}，${pods} 个 Pod 全部消失，没有客户端在线${started ? `；启动之后重新有 ${pods} 个` : ''}。`,
    podsSeen: '停止之后的 Pod',
  },
  'order-of-deletion': {
    bound: ({ seconds: most }) => `删除资源时没有 Pod，${most} 秒之后除卷以外没有剩余`,
    noDeletion: '记录中没有删除操作',
    noDeletionSettle: '请使用 delete 步骤删除集群。',
    blind: '删除之前 Pod 的监视连接曾丢失',
    unfinished: '记录在删除之前结束',
    running: ({ pods, at }) => `资源在${when(at)}被删除，而 ${listed(pods)} 仍在运行：没有先停止集群。`,
    measuredRunning: ({ pods }) => `删除资源时有 ${pods} 个 Pod`,
    resource: '资源本身',
    left: ({ left, ns }) =>
      `删除之后 ${seconds(ns)}，仍然存在 ${left.slice(0, 5).join('、')}${left.length > 5 ? ` 以及另外 ${left.length - 5} 个` : ''}。`,
    measuredLeft: ({ left }) => `剩余 ${left.length} 个对象`,
    notLooked: 'weir 没有检查剩余的内容',
    notLookedSettle: '请在删除之后加入步骤 `waitFor: gone`。',
    unlisted: ({ kind, why }) => `无法列出 ${kind} 对象：${why}`,
    unlistedSettle: '请允许 weir 列出 EMQX Operator 创建的对象：见 deploy/rbac.yaml。',
    measured: ({ ns, volumes }) => `${seconds(ns)}之后${volumes > 0 ? `除 ${volumes} 个卷以外` : ''}没有剩余`,
    held: ({ ns, volumes }) =>
      `集群先停止后删除，${seconds(ns)}之后没有任何剩余${volumes.length > 0 ? `，只有卷会一直保留，直到被人删除：${volumes.join('、')}` : ''}。`,
    seen: '资源、Pod 和剩余的对象',
  },
}
