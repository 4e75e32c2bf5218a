import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { ApiError, internal } from '../errors.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import type { Store } from '../store.ts'
import { postToWebhook } from '../webhooks/post.ts'
import { checkPolicies } from './policy.ts'
import { type Attempt, answerTo, type ReviewAnswer, reviewOf } from './review.ts'
import { type Webhook, webhooksFor } from './webhook.ts'

type Warn = (message: string) => void

const GROUP = 'admissionregistration.k8s.io'

/** Calls the webhooks that are registered in the store (Kubernetes "Dynamic Admission Control"). */
export class Admission {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** The object after every mutating webhook, one after the other; the same one when none changed it. Throws ApiError. */
  async mutate(attempt: Attempt & { object: KubeObject }, warn: Warn): Promise<KubeObject> {
    let { object } = attempt
    for (const webhook of this.#webhooks('mutatingwebhookconfigurations', attempt)) {
      const answer = await this.#ask(webhook, { ...attempt, object }, warn)
      if (answer?.patch)
        object = applyJsonPatch(
          object,
          JSON.parse(Buffer.from(answer.patch, 'base64').toString()),
        ) as KubeObject
    }
    return object
  }

  /** Returns when every policy and every validating webhook agrees; throws ApiError with the first refusal. */
  async validate(attempt: Attempt, warn: Warn): Promise<void> {
    if (attempt.type.group !== GROUP) checkPolicies(this.#store, attempt)
    const webhooks = this.#webhooks('validatingwebhookconfigurations', attempt)
    await Promise.all(webhooks.map((webhook) => this.#ask(webhook, attempt, warn)))
  }

  async #ask(webhook: Webhook, attempt: Attempt, warn: Warn): Promise<ReviewAnswer | undefined> {
    let answer: ReviewAnswer
    try {
      const review = reviewOf(attempt)
      const { clientConfig, timeoutSeconds = 10 } = webhook
      answer = answerTo(review, await postToWebhook(this.#store, clientConfig, review, timeoutSeconds))
    } catch (cause) {
      if (webhook.failurePolicy === 'Ignore') return undefined
      const why = messageOf(cause)
      throw internal(`failed calling webhook ${JSON.stringify(webhook.name)}: failed to call webhook: ${why}`)
    }
    for (const warning of answer.warnings ?? []) warn(warning)
    if (!answer.allowed) throw denial(webhook.name, answer)
    return answer
  }

  #webhooks(plural: string, attempt: Attempt): Webhook[] {
    // As in the real server, webhook configurations are not sent to webhooks: a broken one could not be removed otherwise.
    if (attempt.type.group === GROUP) return []
    const configurations = this.#store.list(`${GROUP}/${plural}`)
    return configurations.length === 0 ? [] : webhooksFor(configurations, attempt, this.#store)
  }
}

/** A refusal in the words of k8s.io/apiserver's webhook errors: the code and reason are the webhook's own. */
function denial(name: string, { status = {} }: ReviewAnswer): ApiError {
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`
  const message = status.message
    ? `${denied}: ${status.message}`
    : status.reason
      ? `${denied}: ${status.reason}`
      : `${denied} without explanation`
  const code = status.code !== undefined && status.code >= 400 ? status.code : 400
  return new ApiError(
    code,
    status.reason ?? (code === 403 ? 'Forbidden' : 'BadRequest'),
    message,
    status.details,
  )
}
