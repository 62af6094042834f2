/** An action that the API carries out: once at a time, with what was wrong. */

import { problemOf, type Problem } from '@jishi/client'
import { ref } from 'vue'

export function useDoing() {
  const isBusy = ref(false)
  const problem = ref<Problem>()
  /** Runs the task unless one is running; true when it worked. */
  async function run(task: () => Promise<unknown>): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    problem.value = undefined
    try {
      await task()
      return true
    } catch (failure) {
      problem.value = problemOf(failure)
      return false
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy, problem, run }
}
