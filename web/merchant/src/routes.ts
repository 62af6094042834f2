/** The addresses of the desk, below `/merchant`. */

import { DeskMissing } from '@jishi/kit/desk'
import type { RouteRecordRaw } from 'vue-router'

const OrdersPage = () => import('./pages/OrdersPage.vue')
const StockPage = () => import('./pages/StockPage.vue')
const CouponsPage = () => import('./pages/CouponsPage.vue')
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
  { path: '/stock', name: 'stock', component: StockPage, meta: { words: ['stock'] } },
  { path: '/stock/:skuId', name: 'sku-stock', component: StockPage, meta: { words: ['stock'] } },
  { path: '/imports', name: 'imports', component: () => import('./pages/ImportsPage.vue'), meta: { words: ['imports'] } },
  { path: '/imports/:importId', name: 'import', component: () => import('./pages/ImportPage.vue'), meta: { words: ['imports'] } },
  { path: '/coupons', name: 'coupons', component: CouponsPage, meta: { words: ['coupons'] } },
  { path: '/coupons/new', name: 'new-coupon', component: CouponsPage, meta: { words: ['coupons'] } },
  { path: '/shop', name: 'shop', component: () => import('./pages/ShopPage.vue'), meta: { words: ['shop', 'refunds'] } },
  { path: '/help', name: 'help', component: () => import('./pages/HelpPage.vue'), meta: { words: ['help'] } },
  { path: '/refunds', name: 'refunds', component: RefundsPage, meta: { words: ['refunds'] } },
  { path: '/refunds/:refundId', name: 'refund', component: RefundsPage, meta: { words: ['refunds'] } },
  { path: '/:rest(.*)*', name: 'missing', component: DeskMissing },
]
