/** What a refusal to sign in or register means, as names of words (`sign.failures.*`). */

import type { Problem } from '@jishi/client'

const KNOWN = ['credentials_invalid', 'attempt_limit_reached', 'rate_limit_exceeded', 'email_taken', 'email_invalid', 'recovery_token_invalid', 'no_answer'] as const
const REASONS = ['length', 'email', 'name', 'common'] as const

type Known = (typeof KNOWN)[number] | `password_${(typeof REASONS)[number]}`

/** The failure by name; undefined: the API's own words say it. */
export function failureOf(problem: Problem): Known | undefined {
  const reason = REASONS.find((each) => each === problem.facts.reason)
  if (problem.code === 'password_weak') return reason && `password_${reason}`
  return KNOWN.find((each) => each === problem.code)
}
