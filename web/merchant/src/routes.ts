/** The addresses of the desk, below `/merchant`. */

import type { RouteRecordRaw } from 'vue-router'

const OrdersPage = () => import('./pages/OrdersPage.vue')
const ProductPage = () => import('./pages/ProductPage.vue')
const RefundsPage = () => import('./pages/RefundsPage.vue')

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'today', component: () => import('./pages/TodayPage.vue'), meta: { words: ['today'] } },
  { path: '/orders', name: 'orders', component: OrdersPage, meta: { words: ['orders', 'refunds'] } },
  { path: '/orders/:orderId', name: 'order', component: OrdersPage, meta: { words: ['orders', 'refunds'] } },
  { path: '/packing-slips', name: 'slips', component: () => import('./pages/SlipsPage.vue'), meta: { words: ['orders'] } },
  { path: '/products', name: 'products', component: () => import('./pages/ProductsPage.vue'), meta: { words: ['products'] } },
  { path: '/products/new', name: 'new-product', component: ProductPage, meta: { words: ['products', 'product'] } },
  { path: '/products/:productId', name: 'product', component: ProductPage, meta: { words: ['products', 'product'] } },
  { path: '/stock', name: 'stock', component: () => import('./pages/StockPage.vue'), meta: { words: ['stock'] } },
  { path: '/imports', name: 'imports', component: () => import('./pages/ImportsPage.vue'), meta: { words: ['imports'] } },
  { path: '/refunds', name: 'refunds', component: RefundsPage, meta: { words: ['refunds'] } },
  { path: '/refunds/:refundId', name: 'refund', component: RefundsPage, meta: { words: ['refunds'] } },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
]
