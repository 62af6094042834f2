/** How the states of sagas look, and where their calls go. */

import {
  cancelSagaOfOrders, cancelSagaOfUsers, getSagaOfOrders, getSagaOfUsers, listSagasOfOrders, listSagasOfUsers,
  resumeSagaOfOrders, resumeSagaOfUsers, type SagaView, skipSagaOfOrders, skipSagaOfUsers,
} from '@jishi/client'

export type Status = SagaView['status']

/** The shape of a status: `StateMark`. */
export const SHAPES = { waiting: 'wait', running: 'wait', undoing: 'undo', stuck: 'need', done: 'ok', undone: 'end' } as const satisfies Record<Status, string>

export const STATUSES = Object.keys(SHAPES) as Status[]

/** The services that have sagas, with their calls. */
export const SERVICES = {
  orders: { list: listSagasOfOrders, get: getSagaOfOrders, resume: resumeSagaOfOrders, skip: skipSagaOfOrders, cancel: cancelSagaOfOrders },
  users: { list: listSagasOfUsers, get: getSagaOfUsers, resume: resumeSagaOfUsers, skip: skipSagaOfUsers, cancel: cancelSagaOfUsers },
} as const

export type SagaService = keyof typeof SERVICES

/** The service with this name; orders for any other one. */
export function serviceNamed(name: unknown): SagaService {
  return name === 'users' ? 'users' : 'orders'
}

/** The names of the sagas of a service. */
export const NAMES: Record<SagaService, string[]> = {
  orders: ['orders.checkout', 'orders.cancel_order', 'orders.refund'],
  users: ['users.erasure'],
}

export type Action = 'resume' | 'skip' | 'cancel'
