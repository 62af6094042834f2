/** The addresses of the desk, below `/operator`. A page below a place has an address below that of the place. */

import { DeskMissing } from '@jishi/kit/desk'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'overview', component: () => import('./pages/OverviewPage.vue'), meta: { words: ['overview'] } },
  { path: '/sagas', name: 'sagas', component: () => import('./pages/SagasPage.vue'), meta: { words: ['sagas'] } },
  { path: '/sagas/order/:number', name: 'order', component: () => import('./pages/OrderPage.vue'), meta: { words: ['sagas', 'order'] } },
  { path: '/sagas/:service(orders|users)/:id', name: 'saga', component: () => import('./pages/SagaPage.vue'), meta: { words: ['sagas'] } },
  { path: '/dead-letters', name: 'letters', component: () => import('./pages/LettersPage.vue'), meta: { words: ['letters'] } },
  { path: '/auditor', name: 'auditor', component: () => import('./pages/AuditorPage.vue'), meta: { words: ['overview', 'auditor'] } },
  { path: '/payments', name: 'payments', component: () => import('./pages/PaymentsPage.vue'), meta: { words: ['payments'] } },
  { path: '/payments/refunds', name: 'refunds', component: () => import('./pages/RefundsPage.vue'), meta: { words: ['payments', 'refunds'] } },
  { path: '/payments/refunds/:id', name: 'refund', component: () => import('./pages/RefundPage.vue'), meta: { words: ['payments', 'refunds'] } },
  { path: '/payments/unidentified', name: 'unidentified', component: () => import('./pages/UnidentifiedPage.vue'), meta: { words: ['payments', 'refunds', 'unidentified'] } },
  { path: '/payments/carrier-reports', name: 'reports', component: () => import('./pages/ReportsPage.vue'), meta: { words: ['payments', 'reports'] } },
  { path: '/payments/:id', name: 'payment', component: () => import('./pages/PaymentPage.vue'), meta: { words: ['payments', 'ledger'] } },
  { path: '/ledger', name: 'ledger', component: () => import('./pages/LedgerPage.vue'), meta: { words: ['ledger'] } },
  { path: '/shops', name: 'shops', component: () => import('./pages/ShopsPage.vue'), meta: { words: ['shops'] } },
  { path: '/people', name: 'people', component: () => import('./pages/PeoplePage.vue'), meta: { words: ['people'] } },
  { path: '/switches', name: 'switches', component: () => import('./pages/SwitchesPage.vue'), meta: { words: ['switches'] } },
  { path: '/switches/settings', name: 'settings', component: () => import('./pages/SettingsPage.vue'), meta: { words: ['switches'] } },
  { path: '/log', name: 'log', component: () => import('./pages/LogPage.vue'), meta: { words: ['log'] } },
  { path: '/help', name: 'help', component: () => import('./pages/HelpPage.vue'), meta: { words: ['help'] } },
  { path: '/:rest(.*)*', name: 'missing', component: DeskMissing },
]
