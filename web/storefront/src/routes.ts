/** The addresses of the pages. The build writes them to `routes.json`, by which the server knows what does not exist. */

import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
  { path: '/goods', name: 'goods', component: () => import('./pages/ListingPage.vue') },
  { path: '/products/:productId', name: 'product', component: () => import('./pages/ProductPage.vue') },
  { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
]
