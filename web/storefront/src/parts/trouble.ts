/** Failed calls in words: which trouble it is, and a sentence for the place where it happened. */

import { problemOf, type Problem } from '@jishi/client'
import { useI18n } from 'vue-i18n'

export type Trouble = 'offline' | 'silent' | 'ended' | 'busy' | 'missing' | 'ours' | 'refused'

export function troubleOf({ status }: Problem, isOnline: boolean): Trouble {
  if (!status) return isOnline ? 'silent' : 'offline'
  if (status === 401) return 'ended'
  if (status === 429) return 'busy'
  if (status === 404 || status === 410) return 'missing'
  return status >= 500 ? 'ours' : 'refused'
}

/** A sentence for what a failed call threw: the API's own, which is in the page's language, where it refused. */
export function useTrouble() {
  const { t } = useI18n()
  return (failure: unknown): string => {
    const problem = problemOf(failure)
    const kind = troubleOf(problem, navigator.onLine)
    if (kind === 'busy' && problem.retryAfter) return t('trouble.wait', { n: problem.retryAfter }, problem.retryAfter)
    if ((kind === 'refused' || kind === 'missing') && problem.detail) return problem.detail
    return `${t(`trouble.${kind}.title`)}${t('trouble.join')}${t(`trouble.${kind}.text`)}`
  }
}
