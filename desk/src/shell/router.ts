// Which page is where. A role sees its own pages only; the server refuses the rest all the same.

import { createRouter, createWebHashHistory } from "vue-router";

import type { Role } from "./session";

declare module "vue-router" {
  interface RouteMeta {
    roles: readonly Role[];
    title: string;
    /** For the frame of another system's page: no bar, and in no list of pages. */
    isFramed?: boolean;
  }
}

const SEATED: readonly Role[] = ["agent", "expert", "supervisor"];
const WATCHING: readonly Role[] = ["supervisor", "admin"];

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", name: "desk", meta: { roles: SEATED, title: "page.desk" },
      component: () => import("../agent/AgentPage.vue") },
    { path: "/embed", name: "embed", meta: { roles: SEATED, title: "page.desk", isFramed: true },
      component: () => import("../embed/EmbedPage.vue") },
    { path: "/supervisor", name: "supervisor", meta: { roles: ["supervisor"], title: "page.supervisor" },
      component: () => import("../supervisor/SupervisorPage.vue") },
    { path: "/wallboard", name: "wallboard", meta: { roles: [...WATCHING, "screen"], title: "page.wallboard" },
      component: () => import("../supervisor/WallboardPage.vue") },
    { path: "/stats", name: "stats", meta: { roles: WATCHING, title: "page.stats" },
      component: () => import("../supervisor/StatsPage.vue") },
    { path: "/nuisance", name: "nuisance", meta: { roles: WATCHING, title: "page.nuisance" },
      component: () => import("../supervisor/NuisancePage.vue") },
    { path: "/reveals", name: "reveals", meta: { roles: WATCHING, title: "page.reveals" },
      component: () => import("../supervisor/RevealsPage.vue") },
    { path: "/admin/:section?", name: "admin", meta: { roles: ["admin"], title: "page.admin" },
      component: () => import("../admin/AdminPage.vue") },
    { path: "/:rest(.*)", redirect: "/" },
  ],
});

/** Where each role begins. */
export const HOME: Record<Role, string> = {
  agent: "/", expert: "/", supervisor: "/", admin: "/admin", system: "/", screen: "/wallboard?big",
};
