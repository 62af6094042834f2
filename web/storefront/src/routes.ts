/** The addresses of the pages. The server knows them as well (gateway/web/site.py), and answers 404 for all others. */

import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./pages/HomePage.vue'), meta: { words: ['goods'] } },
  { path: '/goods', name: 'goods', component: () => import('./pages/ListingPage.vue'), meta: { words: ['goods'] } },
  { path: '/products/:productId', name: 'product', component: () => import('./pages/ProductPage.vue'), meta: { words: ['goods'] } },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
]
